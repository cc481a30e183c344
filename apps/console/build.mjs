import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';

/** Builds the console into dist/, each file also as the gateway sends it to those who take it compressed. */
const root = import.meta.dirname;
const compressible = /\.(js|css|svg)$/;
/** What is smaller gains nothing. */
const bytesMin = 500;
/** Of all that a browser loads before it shows the first page, compressed by gzip. */
const firstPageBytesMax = 350_000;

// Whoever builds in an environment of tests would get the libraries as they are while being developed.
process.env.NODE_ENV = 'production';
const { output } = await build({
  root,
  configFile: false,
  logLevel: 'warn',
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Libraries mark what is for browsers, which says nothing where all is.
      onLog: (level, log, handle) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && handle(level, log),
    },
  },
});

const folder = join(root, 'dist', 'assets');
await Promise.all(
  (await readdir(folder))
    .filter((name) => compressible.test(name))
    .map(async (name) => {
      const path = join(folder, name);
      const bytes = await readFile(path);
      if (bytes.length < bytesMin) return;
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }));
      await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }),
);

const entry = output.find((chunk) => chunk.type === 'chunk' && chunk.isEntry);
const files = [...new Set([...loadedWith(entry), ...output.map(({ fileName }) => fileName).filter(isFirstStyle)])];
const sizes = await Promise.all(
  files.map(async (name) => (await readFile(join(root, 'dist', `${name}.gz`)).catch(() => '')).length),
);
const firstPageBytes = sizes.reduce((sum, size) => sum + size, 0);
if (firstPageBytes > firstPageBytesMax) {
  throw new Error(
    `The first page takes ${firstPageBytes} bytes, compressed; ${firstPageBytesMax} are allowed. Load more of it lazily.`,
  );
}

/** The script of a chunk with all that it imports at once. */
function loadedWith({ fileName, imports }, seen = new Set()) {
  if (seen.has(fileName)) return [];
  seen.add(fileName);
  const imported = output.filter((chunk) => chunk.type === 'chunk' && imports.includes(chunk.fileName));
  return [fileName, ...imported.flatMap((chunk) => loadedWith(chunk, seen))];
}

/** Styles of lazy pages come with these. */
function isFirstStyle(name) {
  return /^assets\/index-.*\.css$/.test(name);
}
