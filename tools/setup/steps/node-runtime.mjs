import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fetchNpmPackage } from '../fetch/npm-package.mjs';
import { publish } from '../fetch/staging.mjs';
import { isAtLeast, pins } from '../pins.mjs';
import { runProgram } from '../process/run-program.mjs';
import { SetupError } from '../setup-error.mjs';

/** The platforms for which there is a package of the npm registry that holds Node.js. */
const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** The Node.js that everything else runs on: the one that runs this, or a fetched one where this is too old. */
export function nodeRuntimeStep({ cache, environment }) {
  const target = join(cache, 'node', pins.node);
  const program = join(target, 'bin', 'node');
  return {
    name: 'node',
    activity: `fetching Node.js ${pins.node}`,
    lock: join(cache, 'node.lock'),
    advice: `See whether npm reaches its registry (npm ping), or install Node.js ${pins.nodeMin} or newer.`,
    async check() {
      if (isAtLeast(process.version, pins.nodeMin)) {
        return {
          path: process.execPath,
          summary: `${process.versions.node} (${process.execPath === program ? 'cache' : 'this machine'})`,
        };
      }
      return existsSync(program) ? { path: program, summary: `${pins.node} (cache)` } : undefined;
    },
    async perform({ holding }) {
      const platform = `${process.platform}-${process.arch}`;
      if (!platforms.includes(platform)) {
        throw new SetupError(
          'node',
          `there is no package with Node.js for ${platform}`,
          `Install Node.js ${pins.nodeMin} or newer.`,
        );
      }
      await publish(target, async (folder) => {
        const unpacked = await fetchNpmPackage(`node-${platform}@${pins.node}`, folder, { environment, holding });
        await runProgram(join(unpacked, 'bin', 'node'), ['--version'], { holding });
        for (const unused of ['include', 'share']) rmSync(join(unpacked, unused), { recursive: true, force: true });
        return unpacked;
      });
      return `${pins.node} (package node-${platform})`;
    },
  };
}
