import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSilentServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { resolveBinary } from '@kintsugi/servers';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { fetchNatsServerRelease } from '../../../tools/setup/fetch/nats-server-release.mjs';

const version = '2.15.1';
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
const name = `nats-server-v${version}-${process.platform}-${architecture}`;

let folder: TemporaryFolder;
let source: Server;
let sums: string;

/** A source of releases that holds the nats-server of this machine, packed as its makers pack it. */
beforeEach(async () => {
  folder = createTemporaryFolder();
  mkdirSync(join(folder.path, name));
  mkdirSync(join(folder.path, 'fetched'));
  copyFileSync(resolveBinary('nats-server').path, join(folder.path, name, 'nats-server'));
  spawnSync('tar', ['-cf', `${name}.tar`, name], { cwd: folder.path });
  spawnSync('gzip', ['-1', `${name}.tar`], { cwd: folder.path });
  const archive = readFileSync(join(folder.path, `${name}.tar.gz`));
  sums = `${createHash('sha256').update(archive).digest('hex')}  ${name}.tar.gz\n`;
  source = createServer((request, response) => {
    if (request.url === `/v${version}/SHA256SUMS`) response.end(sums);
    else if (request.url === `/v${version}/${name}.tar.gz`) response.end(archive);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  source.closeAllConnections();
  await new Promise((resolve) => source.close(resolve));
  await folder.remove();
});

function fetchFrom(port: number, wanted = version): Promise<string> {
  const environment = { ...process.env, KINTSUGI_NATS_SERVER_SOURCE: `http://127.0.0.1:${port}` };
  return fetchNatsServerRelease(wanted, join(folder.path, 'fetched'), { environment });
}

describe('the release of nats-server', () => {
  test('is downloaded, checked, unpacked, and runs', async () => {
    const program = await fetchFrom((source.address() as AddressInfo).port);
    expect(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout).toContain('nats-server: v');
  });

  test('is refused when its checksum is another one', async () => {
    sums = sums.replace(/^.{8}/, '00000000');
    await expect(fetchFrom((source.address() as AddressInfo).port)).rejects.toThrow(
      /the checksum of .+ is [0-9a-f]{64}, not 00000000/,
    );
  });

  test('that is not there is told with what the source answered', async () => {
    await expect(fetchFrom((source.address() as AddressInfo).port, '9.9.9')).rejects.toMatchObject({
      output: expect.stringContaining('404'),
    });
  });

  test('is given up where nobody answers', async () => {
    const silent = createSilentServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await expect(fetchFrom((silent.address() as AddressInfo).port)).rejects.toMatchObject({
      output: expect.stringContaining('it does not answer'),
    });
    await new Promise((resolve) => silent.close(resolve));
  });
});
