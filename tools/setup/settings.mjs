import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as util from 'node:util';
import { root } from './folders.mjs';

/**
 * The settings that the set-up looks at, from the environment, the `.env` of the data and that of the repository;
 * the first that gives a value wins. Resolves `home`, the folder of the data, and `values`, an environment.
 */
export function readSettings(environment = process.env) {
  const ofRepository = environmentFile(join(root, '.env'));
  const home = resolve(root, environment.KINTSUGI_HOME || ofRepository.KINTSUGI_HOME || '.kintsugi');
  const values = { ...ofRepository, ...environmentFile(join(home, '.env')) };
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && value !== '') values[name] = value;
  }
  return { home, values };
}

/** What a file sets; nothing where there is none. One that can't be read is told by the command that needs it. */
function environmentFile(path) {
  try {
    // The first releases of Node.js 20 have none; what they run is the fetching of a newer one.
    return util.parseEnv?.(readFileSync(path, 'utf8')) ?? {};
  } catch {
    return {};
  }
}
