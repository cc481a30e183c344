import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.js';

const folder = 'docs/generated';

/** What to do when the reference lags behind its sources. */
export const remedy = 'Run `node tools/generate-docs/dist/main.js` and commit what changes.';

/** Files of the reference that are not what the sources say: changed, missing or no longer made. */
export function staleDocuments(documents: ReadonlyMap<string, string>): string[] {
  const names = new Set([...documents.keys(), ...committedNames()]);
  return [...names]
    .filter((name) => textIn(name) !== documents.get(name))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** Brings the reference to what the sources say. */
export function writeDocuments(documents: ReadonlyMap<string, string>): void {
  mkdirSync(join(root, folder), { recursive: true });
  for (const name of committedNames()) {
    if (!documents.has(name)) rmSync(join(root, folder, name));
  }
  for (const [name, text] of documents) writeFileSync(join(root, folder, name), text);
}

function committedNames(): string[] {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path) : [];
}

function textIn(name: string): string | undefined {
  const path = join(root, folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
