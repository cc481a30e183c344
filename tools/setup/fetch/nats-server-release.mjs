import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../process/run-program.mjs';

const download = fileURLToPath(new URL('download.mjs', import.meta.url));
const defaultSource = 'https://github.com/nats-io/nats-server/releases/download';
const architectures = { x64: 'amd64', arm64: 'arm64' };

/** Downloads a release of nats-server and checks it against the release's checksums. Returns the path of the program. */
export async function fetchNatsServerRelease(version, folder, { environment, holding }) {
  const name = `nats-server-v${version}-${process.platform}-${architectures[process.arch]}`;
  const archive = `${name}.tar.gz`;
  const source = environment.KINTSUGI_NATS_SERVER_SOURCE || defaultSource;
  for (const file of ['SHA256SUMS', archive]) {
    const args = [download, `${source}/v${version}/${file}`, join(folder, file)];
    await runProgram(process.execPath, args, { env: { ...environment, NODE_USE_ENV_PROXY: '1' }, holding });
  }
  const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').split('\n');
  const wanted = sums.find((line) => line.endsWith(` ${archive}`) || line.endsWith(`*${archive}`))?.split(/\s/)[0];
  const found = createHash('sha256')
    .update(readFileSync(join(folder, archive)))
    .digest('hex');
  if (wanted !== found) throw new Error(`the checksum of ${archive} is ${found}, not ${wanted}`);
  await runProgram('tar', ['-xzf', archive], { cwd: folder, holding });
  return join(folder, name, 'nats-server');
}
