import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { pins } from '../pins.mjs';
import { SetupError } from '../setup-error.mjs';
import { debianPackageOf } from '../shared-libraries.mjs';
import { buildStep } from '../steps/build.mjs';
import { dependenciesStep } from '../steps/dependencies.mjs';
import { mongod } from '../steps/mongod.mjs';
import { natsServer } from '../steps/nats-server.mjs';
import { nodeRuntimeStep } from '../steps/node-runtime.mjs';
import { findMissing } from '../steps/server-libraries.mjs';
import { findServerProgram, summaryOf } from '../steps/server-program.mjs';

/** What the set-up has done already, and what it will have to fetch. */
export async function setUpChecks(cache, environment) {
  const context = { cache, environment };
  const [runtime, dependencies, build, servers] = await Promise.all([
    stepCheck('node 24', nodeRuntimeStep(context), `Node.js ${pins.node}, about 50 MB`),
    stepCheck('packages', dependenciesStep(context), 'packages of package-lock.json, about 250 MB'),
    stepCheck('build', buildStep(context), 'to be built'),
    Promise.all([
      serverCheck(natsServer, 'NATS_URL', cache, environment, '7 MB'),
      serverCheck(mongod, 'MONGO_URL', cache, environment, '60 MB'),
    ]),
  ]);
  return [runtime, dependencies, build, ...servers.flat()];
}

async function stepCheck(name, step, toDo) {
  const done = await step.check({ lookOnly: true });
  return done ? { name, state: 'ok', found: done.summary } : { name, state: 'fetch', found: toDo };
}

async function serverCheck(server, urlVariable, cache, environment, size) {
  if (environment[urlVariable]) return [{ name: server.name, state: 'ok', found: `given by ${urlVariable}` }];
  try {
    const program = await findServerProgram(server, cache, environment);
    if (!program) return [{ name: server.name, state: 'fetch', found: `its release, or a wheel; about ${size}` }];
    const libraries = await libraryCheck(server.name, program);
    return [{ name: server.name, state: 'ok', found: summaryOf(program), path: program.path }, ...libraries];
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return [{ name: server.name, state: 'missing', found: error.message, advice: error.advice }];
  }
}

/** A fetched program whose libraries have gone since can be fetched anew with them; one of the user's own is the user's to mend. */
async function libraryCheck(name, { path, source, libraryPath }) {
  const missing = await findMissing(path, libraryPath.split(delimiter).filter(Boolean));
  if (missing.length === 0) return [];
  const packages = [...new Set(missing.map(debianPackageOf))].join(' ');
  const advice =
    source === 'cache' && existsSync(path)
      ? `Delete ${path}; the set-up fetches it anew with its libraries.`
      : `Install them as root: apt-get install ${packages}`;
  return [{ name: `${name} libraries`, state: 'missing', found: missing.join(', '), advice }];
}
