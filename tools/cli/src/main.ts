/** Entry of the command line. What node compiles is kept, so that a command answers at once the next time. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../../.cache/compiled', import.meta.url)));
const { runCommandLine } = await import('./run-command-line.js');
await runCommandLine(process.argv.slice(2));
