import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from '../folders.mjs';
import { firstExecutable, foldersOnPath, isExecutable } from '../process/executables.mjs';
import { acquireLock } from '../process/lock.mjs';
import { fetchDebianPackages, unpackedFolders } from './debian-packages.mjs';
import { publish } from './staging.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
/** A page without letters looks well in no test. */
const packages = ['chromium', 'fonts-dejavu-core'];
const versionTimeoutMs = 30_000;
/** Which letters stand for those that a page asks for by their kind. */
const families = {
  'system-ui': 'DejaVu Sans',
  'sans-serif': 'DejaVu Sans',
  'ui-monospace': 'DejaVu Sans Mono',
  monospace: 'DejaVu Sans Mono',
};

/**
 * A Chromium for tests: that of CHROMIUM_BIN, one on PATH, or Debian's package with its libraries in the cache, fetched where it is
 * not there yet. Rejects where none can be had.
 */
export async function provideChromium(environment = process.env) {
  if (environment.CHROMIUM_BIN) return { path: environment.CHROMIUM_BIN, env: {} };
  const found = firstExecutable(foldersOnPath(environment), names);
  if (found) return { path: found, env: {} };
  const cache = cacheFolder(environment);
  const folder = join(cache, 'browsers', 'chromium');
  mkdirSync(join(cache, 'browsers'), { recursive: true });
  const lock = await acquireLock(join(cache, 'chromium.lock'), () => undefined);
  try {
    if (!isExecutable(programOf(folder))) await publish(folder, fetch(cache));
  } finally {
    lock.release();
  }
  const chromium = { path: programOf(folder), env: environmentOf(folder) };
  const { status, error, stderr } = spawnSync(chromium.path, ['--version'], {
    env: { ...environment, ...chromium.env },
    timeout: versionTimeoutMs,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`Chromium does not run on this machine: ${error?.message ?? stderr.trim()}`);
  return chromium;
}

function fetch(cache) {
  return async (staging) => {
    await fetchDebianPackages(packages, staging, { workFolder: join(cache, 'apt') });
    return staging;
  };
}

function programOf(folder) {
  return join(folder, 'usr', 'lib', 'chromium', 'chromium');
}

/** Where it finds its libraries, and its letters. */
function environmentOf(folder) {
  // Those of one of its libraries are apart from all others.
  const libraryPaths = unpackedFolders(folder).libraryPaths.flatMap((path) => [path, join(path, 'pulseaudio')]);
  const fonts = join(folder, 'fonts.conf');
  const places = ['/usr/share/fonts', join(folder, 'usr', 'share', 'fonts')].map((path) => `<dir>${path}</dir>`);
  const aliases = Object.entries(families).map(([name, family]) => aliasOf(name, family));
  const text = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${[...places, ...aliases].join('')}<cachedir>${join(folder, 'font-cache')}</cachedir></fontconfig>\n`;
  writeFileSync(fonts, text);
  return { LD_LIBRARY_PATH: [join(folder, 'usr', 'lib', 'chromium'), ...libraryPaths].join(delimiter), FONTCONFIG_FILE: fonts };
}

function aliasOf(name, family) {
  return `<alias><family>${name}</family><prefer><family>${family}</family></prefer></alias>`;
}
