import { homedir } from 'node:os';
import { relative, sep } from 'node:path';

/** A path as a person would write it from here: the shortest of relative, from `~`, and absolute. */
export function placeOf(path: string, from = process.cwd(), home = homedir()): string {
  const fromHere = relative(from, path) || '.';
  const fromHome = path === home || path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
  return fromHere.length < fromHome.length ? fromHere : fromHome;
}
