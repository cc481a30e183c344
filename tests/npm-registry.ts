import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '@kintsugi/supervisor';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';

const run = promisify(execFile);

interface Manifest {
  version: string;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** A registry of npm with the packages that are installed in this repository: what is installed from it needs no network. */
export class NpmRegistry {
  private readonly folder: TemporaryFolder = createTemporaryFolder('registry');
  private readonly server = createServer((request, response) => void this.answer(request, response));

  static async start(): Promise<NpmRegistry> {
    const registry = new NpmRegistry();
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  /** The settings that have npm ask this registry alone. */
  get environment(): Record<string, string> {
    return {
      npm_config_registry: this.url,
      npm_config_cache: join(this.folder.path, 'cache'),
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.folder.remove();
  }

  private get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(url.slice(1));
    try {
      const body = path.endsWith('.tgz') ? await this.archiveOf(path.slice(0, -'.tgz'.length)) : await this.describe(path);
      response.end(body);
    } catch (error) {
      response.writeHead(404).end(String(error));
    }
  }

  private async describe(name: string): Promise<string> {
    const manifest = JSON.parse(await readFile(join(placeOf(name), 'package.json'), 'utf8')) as Manifest;
    const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
    // npm asks for a peer that need not be there, and takes a registry without it for a conflict.
    const needed = Object.entries(peerDependencies).filter(([peer]) => !peerDependenciesMeta[peer]?.optional);
    const dist = { tarball: `${this.url}/${encodeURIComponent(name)}.tgz` };
    return JSON.stringify({
      name,
      'dist-tags': { latest: manifest.version },
      versions: {
        [manifest.version]: { ...manifest, peerDependencies: Object.fromEntries(needed), peerDependenciesMeta: {}, dist },
      },
    });
  }

  private async archiveOf(name: string): Promise<Buffer> {
    const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', this.folder.path, placeOf(name)];
    const { stdout } = await run('npm', args, { cwd: this.folder.path });
    return readFile(join(this.folder.path, stdout.trim()));
  }
}

function placeOf(name: string): string {
  return join(repository, 'node_modules', name);
}
