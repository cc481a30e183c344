import { remedy, staleDocuments, writeDocuments } from './committed.js';
import { renderDocuments } from './documents.js';

const documents = await renderDocuments();
const stale = staleDocuments(documents);

if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    process.stderr.write(`These files are not what their sources say:\n  ${stale.join('\n  ')}\n${remedy}\n`);
    process.exitCode = 1;
  }
} else {
  writeDocuments(documents);
  process.stdout.write(stale.length > 0 ? `Written: ${stale.join(', ')}\n` : 'The reference is what its sources say.\n');
}
