import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Where the set-up notes what it has done to the repository; it goes when the dependencies go. */
export const notesFolder = join(root, 'node_modules', '.kintsugi');

/** Serialises set-ups of one repository. It can't stand in node_modules, which a set-up replaces. */
export const repositoryLock = join(root, '.cache', 'repository.lock');

/**
 * The one folder of everything that is fetched; it can be deleted at any time. KINTSUGI_CACHE names it, or it is
 * the user's cache folder, or one in the repository where that can't be written. The script `kintsugi` knows the same order.
 */
export function cacheFolder(environment = process.env) {
  if (environment.KINTSUGI_CACHE) return resolve(environment.KINTSUGI_CACHE);
  const own = join(root, '.cache');
  const base = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  const usual = join(base, 'kintsugi');
  return isWritable(usual) ? usual : own;
}

/** Whether a folder can be written, or made if there is none. */
export function isWritable(folder) {
  if (!existsSync(folder)) return folder !== dirname(folder) && isWritable(dirname(folder));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
