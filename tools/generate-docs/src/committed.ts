import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './documents.js';
import { root } from './workspace.js';

/** What to do when the reference lags behind its sources. */
export const remedy = 'Run `node tools/generate-docs/dist/main.js` and commit what changes.';

/** Files of the reference that are not what the sources say: changed, missing or no longer made. */
export function staleDocuments(documents: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...documents.keys(), ...committedPages()]);
  return [...paths].filter((path) => textAt(path) !== documents.get(path)).sort();
}

/** Brings the reference to what the sources say. */
export function writeDocuments(documents: ReadonlyMap<string, string>): void {
  mkdirSync(join(root, folder), { recursive: true });
  for (const path of committedPages()) {
    if (!documents.has(path)) rmSync(join(root, path));
  }
  for (const [path, text] of documents) writeFileSync(join(root, path), text);
}

/** What lies in the folder of the reference, where nothing else belongs. */
function committedPages(): string[] {
  return existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : [];
}

function textAt(path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
}
