import { hostname } from 'node:os';
import { executeCli, httpRequest } from '@kintsugi/contracts';
import { EXIT_CONFIG, SettingsError } from '@kintsugi/hosting/settings';
import { startTracingBy } from '@kintsugi/hosting/tracing-settings';
import { createWorker } from '@kintsugi/worker-sdk';
import { builtInWorker, type BuiltInWorker } from './built-in-worker.config.js';
import { askPoolsBy } from './cli/ask-pools.js';
import { executeCliHandler } from './cli/execute-cli.js';
import { harmlessCommands } from './cli/harmless-commands.js';
import { locateProgram } from './cli/process/locate-program.js';
import { endMarked, isOrphan } from './cli/process/marked-processes.js';
import { endInOrder } from './cli/process/end-in-order.js';
import { httpRequestHandler } from './http-calls/http/http-request.js';
import { RulesFile } from './rules/rules-file.js';

/** The built-in worker: runs commands and makes HTTP requests, as far as its rules allow. */
const settings = settingsOrExit();
const rules = new RulesFile(settings.rulesFile);
const harmless = settings.harmlessCommands ? harmlessCommands(locateProgram) : [];

// What a worker that was killed has left must not run beside what is given to this one.
await endMarked(isOrphan, settings.graceMs);

const stopTracing = await startTracingBy(settings.tracing, { name: 'worker', instance: `${hostname()}-${process.pid}` });
const worker = createWorker({ slots: settings.slots });
worker.handle(executeCli, executeCliHandler({ ...settings, rules, harmless, askPools: askPoolsBy(worker.ask) }));
worker.handle(httpRequest, httpRequestHandler(rules));
endInOrder(() => worker.stop().finally(stopTracing));
await worker.start();

function settingsOrExit(): BuiltInWorker {
  try {
    return builtInWorker();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}
