import { delimiter, dirname, join } from 'node:path';
import { npmEnvironment } from './fetch/npm-registry.mjs';
import { cacheFolder, isWritable } from './folders.mjs';
import { ensureStep } from './process/ensure-step.mjs';
import { SetupError, exitCodes } from './setup-error.mjs';
import { buildStep } from './steps/build.mjs';
import { dependenciesStep } from './steps/dependencies.mjs';
import { mongod, mongodStep } from './steps/mongod.mjs';
import { natsServer, natsServerStep } from './steps/nats-server.mjs';
import { nodeRuntimeStep } from './steps/node-runtime.mjs';

/**
 * Brings about all that Kintsugi needs on this machine, step by step; what is done already is only looked at.
 * Resolves with what was chosen, and with the environment in which the rest is to run. `servers` names those wanted.
 */
export async function setUp({ servers, progress, environment = process.env }) {
  const cache = writableCache(environment);
  const own = { ...environment, ...npmEnvironment(join(cache, 'npm')) };
  const node = await ensureStep(nodeRuntimeStep({ cache, environment: own }), progress);
  const PATH = [dirname(node.path), environment.PATH].filter(Boolean).join(delimiter);
  const context = { cache, runtime: node.path, environment: { ...own, PATH } };
  await ensureStep(dependenciesStep(context), progress);
  await ensureStep(buildStep(context), progress);
  const chosen = [{ name: 'node', summary: node.summary }];
  const result = { PATH, KINTSUGI_CACHE: cache };
  for (const [server, step] of [
    [natsServer, natsServerStep],
    [mongod, mongodStep],
  ]) {
    if (!servers.includes(server.name)) continue;
    const program = await ensureStep(step(context), progress);
    chosen.push({ name: server.name, summary: program.summary });
    result[server.variable] = program.path;
    if (program.libraryPath) result[server.libraryVariable] = program.libraryPath;
  }
  return { chosen, environment: result };
}

/** Fetches Node.js alone: the first thing on a machine whose own is too old to run the rest. */
export async function setUpNode({ progress, environment = process.env }) {
  const cache = writableCache(environment);
  const own = { ...environment, ...npmEnvironment(join(cache, 'npm')) };
  await ensureStep(nodeRuntimeStep({ cache, environment: own }), progress);
}

function writableCache(environment) {
  const cache = cacheFolder(environment);
  if (isWritable(cache)) return cache;
  const exitCode = environment.KINTSUGI_CACHE ? exitCodes.settings : exitCodes.unavailable;
  throw new SetupError('cache', `${cache} can't be written`, 'Set KINTSUGI_CACHE to a folder of yours.', exitCode);
}
