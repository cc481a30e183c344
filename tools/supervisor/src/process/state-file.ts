import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlatformState } from '../domain/platform-state.js';

export function stateFileOf(home: string): string {
  return join(home, 'run', 'state.json');
}

/** The state that the last supervisor of this home left; null when there is none that can be read. */
export function readState(home: string): PlatformState | null {
  try {
    const state = JSON.parse(readFileSync(stateFileOf(home), 'utf8')) as PlatformState;
    return state.version === 1 ? state : null;
  } catch {
    return null;
  }
}

/** Replaces the state in one step, so that no reader ever sees half of it. */
export function writeState(home: string, state: PlatformState): void {
  writePrivateFile(stateFileOf(home), `${JSON.stringify(state, null, 2)}\n`);
}

export function removeState(home: string): void {
  rmSync(stateFileOf(home), { force: true });
}

/** Writes a file that only its owner may read, in one step. One that its owner has let others read stays so. */
export function writePrivateFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  const before = statSync(path, { throwIfNoEntry: false });
  writeFileSync(draft, text, { mode: 0o600 });
  if (before) chmodSync(draft, before.mode & 0o777);
  renameSync(draft, path);
}
