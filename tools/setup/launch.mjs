import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './folders.mjs';
import { readArguments } from '../test-runner/read-arguments.mjs';
import { endPrograms } from './process/run-program.mjs';
import { Progress } from './progress.mjs';
import { setUp, setUpNode } from './set-up.mjs';
import { readSettings } from './settings.mjs';
import { SetupError, exitCodes } from './setup-error.mjs';
import { faultOfOptions, tellUsageFault } from './usage-fault.mjs';

/**
 * `node launch.mjs COMMAND...` is what the script `kintsugi` runs: it sees to the set-up and then becomes the command.
 * `node launch.mjs --node-only COMMAND...` fetches Node.js and no more; the script then starts this again, on that.
 */
const args = process.argv.slice(2);
const [command] = args;
const nodeOnly = command === '--node-only';
const startsServers = ['up', 'demo', 'bench', 'chaos', 'test', 'setup'].includes(command);
const commandLine = join(root, 'tools', 'cli', 'dist', 'main.js');
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

function stop(signal) {
  endPrograms();
  process.exit(signals[signal]);
}

async function prepare() {
  const startedAt = performance.now();
  const progress = new Progress();
  if (nodeOnly) return setUpNode({ progress });
  const { values } = readSettings();
  const wanted = startsServers ? serversWanted(values) : [];
  const { chosen, environment } = await setUp({ servers: wanted, progress, environment: values });
  Object.assign(process.env, environment);
  if (!startsServers) return undefined;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  progress.say(`Set-up ready in ${seconds} s: ${chosen.map(({ name, summary }) => `${name} ${summary}`).join(', ')}`);
  return { ready: true, chosen: Object.fromEntries(chosen.map(({ name, summary }) => [name, summary])) };
}

/** A server whose URL is given is not needed here, except by what always runs on servers of its own. */
function serversWanted(settings) {
  const hasOwn = ['demo', 'test', 'bench', 'chaos'].includes(command);
  const given = (variable) => !hasOwn && Boolean(settings[variable]);
  return [given('NATS_URL') ? [] : 'nats-server', given('MONGO_URL') ? [] : 'mongod'].flat();
}

async function becomeCommand(result) {
  if (nodeOnly) return;
  if (command === 'setup') {
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  if (command === 'test') {
    const { runTests } = await import('../test-runner/run-tests.mjs');
    process.exit(await runTests(args.slice(1)));
  }
  if (!existsSync(commandLine)) {
    const advice = 'Delete node_modules and run the command again, or clone the project anew.';
    throw new SetupError('start', `${commandLine} is missing though the build succeeded`, advice);
  }
  process.argv = [process.execPath, commandLine, ...args];
  await import(pathToFileURL(commandLine).href);
}

/** Of the commands that are carried out here: what is wrong with their options, before anything is fetched for them. */
function refuseFaultOfUsage([name, ...options]) {
  const fault = { test: () => readArguments(options).fault, setup: () => faultOfOptions(name, options) }[name]?.();
  if (fault) process.exit(tellUsageFault(fault, name, options));
}

refuseFaultOfUsage(nodeOnly ? args.slice(1) : args);
try {
  for (const signal of Object.keys(signals)) process.once(signal, stop);
  const result = await prepare();
  for (const signal of Object.keys(signals)) process.off(signal, stop);
  await becomeCommand(result);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(error.describe());
  if (args.includes('--json')) {
    const { step, message: detail, advice, exitCode: exit_code } = error;
    process.stdout.write(`${JSON.stringify({ error: { code: 'SETUP_FAILED', detail, advice, step, exit_code } })}\n`);
  }
  process.exit(error.exitCode ?? exitCodes.unavailable);
}
