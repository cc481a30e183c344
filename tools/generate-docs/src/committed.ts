import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { mixinFolders } from '@kintsugi/monitoring-mixin';
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
  for (const path of committedPages()) {
    if (!documents.has(path)) rmSync(join(root, path));
  }
  for (const [path, text] of documents) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** What lies in the folders of the reference and of the mixin, where nothing else belongs. */
function committedPages(): string[] {
  return [folder, ...mixinFolders].filter((path) => existsSync(join(root, path))).flatMap(filesBelow);
}

function filesBelow(path: string): string[] {
  const entries = readdirSync(join(root, path), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function textAt(path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
}
