import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

/**
 * Makes one file of each service that runs in Node.js, of all that it loads: Node.js takes longer to find two thousand modules than to
 * run them. It takes what the build has made of each project, since esbuild does not write the metadata that Nest wires by.
 */
const root = join(import.meta.dirname, '../../..');
const output = join(import.meta.dirname, '../dist');

/** What a module knows as `import.meta.url`: in ours where it was built to, from which it goes on to other files; elsewhere the bundle. */
const place = 'placeOfModule';
const placeOfBundle = 'placeOfBundle';

const inItsPlace = {
  name: 'in its place',
  setup({ onLoad }) {
    onLoad({ filter: new RegExp(`^${RegExp.escape(root)}/(apps|libs)/.+/dist/.+\\.js$`) }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const own = `const ${place} = new URL(${JSON.stringify(relative(output, path))}, ${placeOfBundle}).href;`;
      return { contents: `${own} ${text}`, resolveDir: dirname(path) };
    });
  },
};

/** Packages that others do without: one that is not installed is missed where it is wanted, as it is without a bundle. */
function missingPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const isInstalled = (name) => {
    const found = packages[`node_modules/${name}`];
    return found !== undefined && !found.dev && !found.devOptional && !found.peer;
  };
  const optional = Object.values(packages).flatMap(({ peerDependenciesMeta = {} }) => Object.keys(peerDependenciesMeta));
  return [...new Set(optional)].filter((name) => !isInstalled(name));
}

/** Not the worker: failures are grouped by the files in their stacks, and a stack is read where nobody has the sources. */
function programs() {
  const apps = readdirSync(join(root, 'apps')).filter(
    (name) => name !== 'worker' && existsSync(join(root, 'apps', name, 'src/main.ts')),
  );
  return Object.fromEntries(apps.map((name) => [name, join(root, 'apps', name, 'dist', 'main.js')]));
}

/**
 * Packages of the older kind ask for the modules of Node.js by `require`. The place stays a `var`: where no package asks for it,
 * esbuild gives its name to one of ours.
 */
const banner =
  "import { createRequire as requireFrom } from 'node:module';" +
  ` const ${placeOfBundle} = import.meta.url, require = requireFrom(${placeOfBundle}); var ${place} = ${placeOfBundle};`;

await build({
  entryPoints: programs(),
  outdir: output,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // Errors and what Nest provides go by the names of their classes.
  keepNames: true,
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  define: { 'import.meta.url': place },
  banner: { js: banner },
  external: missingPackages(),
  plugins: [inItsPlace],
  absWorkingDir: root,
  logLevel: 'error',
});
