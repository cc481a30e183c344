import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { pathToFileURL } from 'node:url';

export const root = join(import.meta.dirname, '../../..');

/** Files of one folder of the workspace, by glob, in alphabetical order; none when there is no such folder. */
export function filesIn(folder: string, glob: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return entries
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .map((path) => `${folder}/${path}`)
    .filter((path) => matchesGlob(path, glob))
    .sort();
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/**
 * What a source file of an app exports. Apps have no door and nobody may import them; the reference is made from the
 * very data they run on, so this tool alone reads them, by path. Built, it reads what was built beside it, and as a
 * source, in its own test, the sources: so it needs no loader of its own, and `kintsugi test` runs it after the build.
 */
export async function exportsOf(source: string): Promise<Record<string, unknown>> {
  const isBuilt = import.meta.filename.endsWith('.js');
  const path = isBuilt ? source.replace('/src/', '/dist/').replace(/\.ts$/, '.js') : source;
  if (!existsSync(join(root, path))) throw new Error(`${path} is missing. Build first: npx nx run-many -t build`);
  return (await import(pathToFileURL(join(root, path)).href)) as Record<string, unknown>;
}
