import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../process/run-program.mjs';
import { expectNpmRegistry } from './npm-registry.mjs';

/** Fetches a package of the npm registry, which npm checks, and unpacks it. Returns the folder of its files. */
export async function fetchNpmPackage(name, folder, { environment, holding }) {
  await expectNpmRegistry({ environment, holding });
  await runProgram('npm', ['pack', name, '--pack-destination', folder], { cwd: folder, env: environment, holding });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  await runProgram('tar', ['-xzf', archive], { cwd: folder, holding });
  return join(folder, 'package');
}
