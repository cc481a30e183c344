import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { generateDtsBundle } from 'dts-bundle-generator';
import { build } from 'esbuild';
import ts from 'typescript';
import { root } from '../setup/folders.mjs';

/**
 * `node pack.mjs FOLDER [NAME...]` makes the packages that users install, as `npm publish` would send them: of the libraries
 * named, or of all. What is private to this repository is bundled into each; everything else is among its dependencies.
 */
const libraries = ['client', 'worker-sdk', 'nestjs'];
/** Those that use nothing private, but each other: their declarations stay as they are. */
const withoutPrivateParts = ['nestjs'];
const usage = `usage: node tools/pack/pack.mjs FOLDER [${libraries.join('|')}]...\n`;

const [folder, ...names] = process.argv.slice(2);
if (folder === undefined || names.some((name) => !libraries.includes(name))) {
  process.stderr.write(usage);
  process.exit(64);
}
mkdirSync(folder, { recursive: true });
const chosen = (names.length > 0 ? names : libraries).map(readLibrary);
const declarations = bundledDeclarations(chosen.filter(({ name }) => !withoutPrivateParts.includes(name)));
for (const library of chosen) {
  const declared = declarations.get(library) ?? ownDeclarations(library);
  process.stdout.write(`${await pack(library, declared, resolve(folder))}\n`);
}

function readLibrary(name) {
  const path = join(root, 'libs', name);
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return { name, path, door: join(path, 'src', 'index.ts'), manifest, dependencies };
}

async function pack(library, declared, destination) {
  const staging = mkdtempSync(join(tmpdir(), 'kintsugi-pack-'));
  try {
    const program = await bundle(library, staging);
    refuseWrongDependencies(library, [program, ...declared.values()].join('\n'));
    for (const [file, text] of declared) writeFileSync(join(staging, file), text);
    writeFileSync(join(staging, 'package.json'), `${JSON.stringify(published(library.manifest), null, 2)}\n`);
    copyFileSync(join(library.path, 'README.md'), join(staging, 'README.md'));
    copyFileSync(join(root, 'LICENSE'), join(staging, 'LICENSE'));
    const said = execFileSync('npm', ['pack', '--silent', '--pack-destination', destination], { cwd: staging, encoding: 'utf8' });
    return join(destination, said.trim());
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** One ES module of the library and of what is private to this repository. */
async function bundle({ name, door, dependencies }, staging) {
  const outfile = join(staging, 'index.js');
  const { metafile } = await build({
    entryPoints: [door],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@kintsugi/source'],
    external: dependencies,
    tsconfig: join(root, 'tsconfig.base.json'),
    absWorkingDir: root,
    metafile: true,
    logLevel: 'error',
  });
  const foreign = Object.keys(metafile.inputs).find((path) => path.includes('node_modules/'));
  if (foreign) throw new Error(`${name} uses ${foreign}, which is not among its dependencies.`);
  return readFileSync(outfile, 'utf8');
}

/** The declarations of each library and of what is private, in one file each. The compiler reads the sources once for all. */
function bundledDeclarations(bundled) {
  if (bundled.length === 0) return new Map();
  const entries = bundled.map(({ door, dependencies }) => ({
    filePath: door,
    libraries: { importedLibraries: dependencies, allowedTypesLibraries: [] },
    output: { noBanner: true, exportReferencedTypes: false },
  }));
  const texts = generateDtsBundle(entries, { preferredConfigPath: join(import.meta.dirname, 'tsconfig.json') });
  return new Map(bundled.map((library, index) => [library, new Map([['index.d.ts', texts[index]]])]));
}

function ownDeclarations({ name, path, door }) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const emitting = { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: join(path, 'src') };
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, ...emitting }, root);
  const files = new Map();
  const { emitSkipped } = ts.createProgram([door], options).emit(undefined, (file, text) => files.set(basename(file), text));
  if (emitSkipped || files.size === 0) throw new Error(`The compiler makes no declarations of ${name}.`);
  return files;
}

function refuseWrongDependencies({ name, dependencies }, text) {
  const imported = new Set(
    [...text.matchAll(/^(?:import|export)\b.*\bfrom ["']((?:@[^/"']+\/)?[^./"'][^/"']*)/gm)].map(([, from]) => from),
  );
  for (const from of imported) {
    if (!from.startsWith('node:') && !dependencies.includes(from)) {
      throw new Error(`${name} imports ${from} and does not depend on it.`);
    }
  }
  // One that is looked for where it is wanted may be missing.
  for (const [, from] of text.matchAll(/\bimport\(["']([^"']+)["']\)/g)) imported.add(from);
  for (const dependency of dependencies) {
    if (!imported.has(dependency)) throw new Error(`${name} depends on ${dependency} and does not import it.`);
  }
}

/** The manifest as users get it: without what concerns this repository only. */
function published({ private: _private, nx: _nx, exports: _exports, ...manifest }) {
  return {
    ...manifest,
    exports: { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' },
  };
}
