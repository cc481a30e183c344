import { mkdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/**
 * The folder that a command runs in: the worker's folder for commands, or one in it. A path that leads out of it, by dots or by
 * a link, and one that is not there, gives null.
 */
export function commandFolder(root: string, wanted: string | undefined): string | null {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const top = realpathSync(root);
  if (wanted === undefined || wanted === '') return top;
  try {
    const folder = realpathSync(join(top, wanted));
    return folder === top || folder.startsWith(`${top}${sep}`) ? folder : null;
  } catch {
    return null;
  }
}
