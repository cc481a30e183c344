import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import { publish } from '../fetch/staging.mjs';
import { isAtLeast } from '../pins.mjs';
import { ProgramError, runProgram } from '../process/run-program.mjs';
import { SetupError, exitCodes } from '../setup-error.mjs';
import { foldersOnPath, isExecutable } from '../process/executables.mjs';
import { provideLibraries } from './server-libraries.mjs';

const versionTimeoutMs = 10_000;

/**
 * A server's program that is on this machine: the environment's choice, then one on PATH that is new enough, then a
 * fetched one. `server` gives `name`, `variable`, `libraryVariable`, `versionMin` and `versionsFetched`.
 */
export async function findServerProgram(server, cache, environment = process.env) {
  return (await chosen(server, environment)) ?? (await onPath(server, environment)) ?? cached(server, cache);
}

async function chosen(server, environment) {
  const path = environment[server.variable];
  if (!path) return undefined;
  if (!isExecutable(path)) {
    const advice = `Set ${server.variable} to a program, or leave it out.`;
    throw new SetupError(server.name, `${server.variable} names a file that can't be run: ${path}`, advice, exitCodes.settings);
  }
  return { path, libraryPath: environment[server.libraryVariable] ?? '', source: server.variable };
}

async function onPath(server, environment) {
  for (const folder of foldersOnPath(environment)) {
    const path = join(folder, server.name);
    if (!isExecutable(path)) continue;
    const { version } = await askVersion(path, environment);
    if (version && isAtLeast(version, server.versionMin)) return { path, version, libraryPath: '', source: 'PATH' };
  }
  return undefined;
}

function cached(server, cache) {
  const note = notePath(server.name, cache);
  try {
    const { path, version, library_paths: libraries } = JSON.parse(readFileSync(note, 'utf8'));
    const program = resolve(dirname(note), path);
    if (!server.versionsFetched.includes(version) || !isExecutable(program)) return undefined;
    const libraryPath = libraries.map((folder) => resolve(dirname(note), folder)).join(delimiter);
    return { path: program, version, libraryPath, source: 'cache' };
  } catch {
    // Not fetched yet, or the note of another time.
    return undefined;
  }
}

/** Fetches a server from the first source that can give one which runs here. Resolves with what to say of it. */
export async function fetchFromFirst(sources, { server, cache, environment, holding, show, advice: usualAdvice }) {
  const reasons = [];
  let advice = usualAdvice;
  for (const source of sources) {
    show(`fetching ${server.name} ${source.version} (${source.name})`);
    try {
      const path = join(cache, 'servers', `${server.name}-${source.version}`);
      await publish(path, source.fetch);
      const libraryPaths = await provideLibraries(server.name, path, { cache, holding, show });
      const { version, reason } = await askVersion(path, withLibraries(environment, libraryPaths.join(delimiter)));
      if (version === undefined) throw new Error(`it does not run on this machine: ${reason}`);
      note(server.name, cache, { path, version, libraryPaths, source: source.name });
      return `${version} (${source.name})`;
    } catch (error) {
      reasons.push(`${source.name}: ${error instanceof ProgramError ? error.describe() : error.message}`);
      advice = error.advice ?? advice;
    }
  }
  throw new SetupError(server.name, `no source can give one that runs here.\n${reasons.join('\n')}`, advice);
}

/** Notes what was fetched. The note makes it valid, so it is written last; its paths are relative, so the cache can be moved. */
function note(name, cache, { path, version, libraryPaths, source }) {
  const target = notePath(name, cache);
  const fromNote = (file) => relative(dirname(target), file);
  const text = JSON.stringify({ path: fromNote(path), version, library_paths: libraryPaths.map(fromNote), source }, null, 2);
  writeFileSync(target, `${text}\n`);
}

async function askVersion(path, environment) {
  try {
    const output = await runProgram(path, ['--version'], { env: environment, timeoutMs: versionTimeoutMs });
    return { version: /v?(\d+\.\d+\.\d+)/.exec(output)?.[1] };
  } catch (error) {
    return { reason: error.describe(3) };
  }
}

export function withLibraries(environment, libraryPath) {
  if (!libraryPath) return environment;
  const inherited = environment.LD_LIBRARY_PATH;
  return { ...environment, LD_LIBRARY_PATH: inherited ? `${libraryPath}${delimiter}${inherited}` : libraryPath };
}

/** Version and source; of a program that the environment chose, which one that is. */
export function summaryOf({ version, path, source }) {
  return `${version ?? path} (${source})`;
}

function notePath(name, cache) {
  return join(cache, 'servers', `${name}.json`);
}
