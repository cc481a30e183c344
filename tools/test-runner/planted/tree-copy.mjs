import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { transformFileSync } from '@swc/core';
import { root } from '../../setup/folders.mjs';

const leftOut = new Set(['.git', '.nx', '.cache', '.kintsugi', 'node_modules']);
const workspaceScope = '@kintsugi';

/** A copy of the sources and of what is built from them, in which bugs are planted. It shares the installed packages. */
export class TreeCopy {
  root = mkdtempSync(join(tmpdir(), 'kintsugi-planted-'));

  constructor() {
    cpSync(root, this.root, { recursive: true, filter: (path) => path === root || !leftOut.has(basename(path)) });
    const installed = join(root, 'node_modules');
    const packages = join(this.root, 'node_modules');
    mkdirSync(packages);
    for (const name of readdirSync(installed)) {
      if (name !== workspaceScope) symlinkSync(join(installed, name), join(packages, name));
    }
    // The project's own packages are links into the copy, as they are in the original.
    cpSync(join(installed, workspaceScope), join(packages, workspaceScope), { recursive: true, verbatimSymlinks: true });
    this.#startWithoutBundles();
  }

  /** A bundle was made before any bug was planted: apps start from what is built of each module. */
  #startWithoutBundles() {
    const folder = join(this.root, 'tools', 'bundles', 'dist');
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
      writeFileSync(join(folder, file), `import '../../../apps/${file.replace(/\.js$/, '')}/dist/main.js';\n`);
    }
  }

  read(file) {
    return readFileSync(join(this.root, file), 'utf8');
  }

  /** Writes a source and what is built from it. */
  write(file, text) {
    const path = join(this.root, file);
    writeFileSync(path, text);
    const built = /^(.+?)\/src\/(.+)\.ts$/.exec(file);
    if (!built) return;
    const output = join(this.root, built[1], 'dist', `${built[2]}.js`);
    const { code } = transformFileSync(path, {
      configFile: join(this.root, '.swcrc'),
      sourceFileName: relative(dirname(output), path),
    });
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, code);
  }

  remove() {
    rmSync(this.root, { recursive: true, force: true });
  }
}
