import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from '@kintsugi/supervisor';

/** The set-up is plain JavaScript, because it runs before anything is built. */
export async function moduleOfSetup<Module>(name: string): Promise<Module> {
  return (await import(pathToFileURL(join(repository, 'tools', 'setup', 'fetch', `${name}.mjs`)).href)) as Module;
}

export interface Staging {
  publish: (target: string, fill: (folder: string) => Promise<string>) => Promise<void>;
}
