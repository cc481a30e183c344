import { once } from 'node:events';
import { csvText } from './recipients/domain/csv-text.js';
import { generateRecipients, listSeed } from './recipients/domain/generate-recipients.js';

/** Prints an invented recipient list; without arguments the one that is committed as recipients.csv. */
const [count = '10000', seed = listSeed] = process.argv.slice(2);
if (!/^[1-9]\d{0,6}$/.test(count)) {
  process.stderr.write('How many recipients? node dist/print-recipients.js [1 to 9999999] [seed]\n');
  process.exit(64);
}
for (const line of csvText(generateRecipients(Number(count), seed))) {
  if (!process.stdout.write(line)) await once(process.stdout, 'drain');
}
