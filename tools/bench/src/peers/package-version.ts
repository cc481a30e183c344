import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@kintsugi/supervisor';

/** The version of an installed package, from its own manifest. */
export function packageVersion(name: string): string {
  return versionIn(join(repository, 'node_modules', name));
}

export function productVersion(): string {
  return versionIn(repository);
}

function versionIn(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
