import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

const usualFolders = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** Where programs are looked for: by a command that starts others, and for whoever is told how to allow one. */
export const usualPath = usualFolders.join(':');

/** Where a program of that name is on this machine; null where it has none. */
export function locateProgram(name: string): string | null {
  if (name.startsWith('/')) return isProgram(name) ? name : null;
  if (!/^[\w.+-]+$/.test(name)) return null;
  return usualFolders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
