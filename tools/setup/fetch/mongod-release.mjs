import { fileURLToPath } from 'node:url';
import { runProgram } from '../process/run-program.mjs';

const download = fileURLToPath(new URL('download-mongod.mjs', import.meta.url));
const timeoutMs = 1_800_000;

/** Downloads a release of mongod for this system, checked against its checksum. Returns the path of the program. */
export async function fetchMongodRelease(version, folder, { runtime, environment, holding }) {
  const output = await runProgram(runtime, [download, version, folder], { cwd: folder, env: environment, timeoutMs, holding });
  return output.trim().split('\n').at(-1);
}
