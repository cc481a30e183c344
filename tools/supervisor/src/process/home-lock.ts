import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessIdentity, type ProcessIdentity } from '../domain/platform-state.js';
import { identify, isRunning } from './process-identity.js';

/** Another supervisor holds this home. */
export class HomeLockedError extends Error {
  override readonly name = 'HomeLockedError';

  constructor(
    readonly home: string,
    readonly holder: ProcessIdentity,
  ) {
    super(`The platform in ${home} runs already (supervisor pid ${holder.pid}).`);
  }
}

const attemptsMax = 20;

/**
 * Makes this process the only supervisor of a home until it ends or calls what is returned. The lock of a dead
 * process is taken over. Creating the link either succeeds or finds another one, so two can't both succeed.
 */
export async function lockHome(home: string): Promise<() => void> {
  const folder = join(home, 'run');
  const lock = join(folder, 'lock');
  const own = `${lock}.${process.pid}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const text = JSON.stringify(await identify(process.pid));
  try {
    writeFileSync(own, text, { mode: 0o600 });
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      if (linked(own, lock)) return () => release(lock, text);
      const holderText = read(lock);
      const holder = identityIn(holderText);
      if (holder && (await isRunning(holder))) throw new HomeLockedError(home, holder);
      if (holderText !== null) removeStale(lock, holderText);
    }
    throw new Error(`The lock of ${home} could not be taken: delete ${lock} if no supervisor runs.`);
  } finally {
    rmSync(own, { force: true });
  }
}

function linked(own: string, lock: string): boolean {
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the lock aside before it is deleted: one that another process has put in its place meanwhile goes back. */
function removeStale(lock: string, staleText: string): void {
  const aside = `${lock}.${process.pid}.stale`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (read(aside) !== staleText) linked(aside, lock);
  rmSync(aside, { force: true });
}

function release(lock: string, text: string): void {
  if (read(lock) === text) rmSync(lock, { force: true });
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Whom a lock names; null for one that names nobody, whatever it holds. */
function identityIn(text: string | null): ProcessIdentity | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isProcessIdentity(value) ? value : null;
  } catch {
    return null;
  }
}
