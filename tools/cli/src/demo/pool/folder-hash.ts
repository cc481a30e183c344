import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** One hash of all that is in a folder: names, kinds, rights and bytes. Of one that is not there, that of nothing. */
export function hashOfFolder(folder: string): string {
  const hash = createHash('sha256');
  if (existsSync(folder)) add(folder, '');
  return hash.digest('hex');

  function add(path: string, name: string): void {
    const stats = lstatSync(path);
    hash.update(`${name}\0${stats.mode}\0`);
    if (stats.isSymbolicLink()) hash.update(readlinkSync(path));
    else if (stats.isFile()) hash.update(readFileSync(path));
    else if (stats.isDirectory()) for (const one of readdirSync(path).sort()) add(join(path, one), `${name}/${one}`);
  }
}
