import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPlatformState, type PlatformState } from '../domain/platform-state.js';

export function stateFileOf(home: string): string {
  return join(home, 'run', 'state.json');
}

/** A file of the home that holds something else than it should. The message names it; the advice says what to do. */
export class HomeFileError extends Error {
  override readonly name = 'HomeFileError';

  constructor(
    readonly path: string,
    what: string,
    readonly advice: string,
  ) {
    super(`${path} ${what}.`);
  }
}

/** The state that the last supervisor of this home left; null when there is none. */
export function readState(home: string): PlatformState | null {
  const path = stateFileOf(home);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new HomeFileError(path, `cannot be read (${code})`, 'Make it readable for this user.');
  }
  const state = jsonIn(text);
  if (isPlatformState(state)) return state;
  const advice = 'A platform that runs there writes it anew within seconds. If none runs, delete it.';
  throw new HomeFileError(path, 'does not hold the state of a platform', advice);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function stateText(state: PlatformState): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}

export function removeState(home: string): void {
  rmSync(stateFileOf(home), { force: true });
}

/** Writes a file that only its owner may read, in one step. One that its owner has let others read stays so. */
export function writePrivateFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  const before = statSync(path, { throwIfNoEntry: false });
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    if (before) chmodSync(draft, before.mode & 0o777);
    renameSync(draft, path);
  } catch (error) {
    // The half that a full disk took in would only take up room.
    rmSync(draft, { force: true });
    throw error;
  }
}
