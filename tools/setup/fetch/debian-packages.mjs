import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../process/run-program.mjs';

/** Lists of packages younger than this are not asked for again. */
const listsAgeMsMax = 6 * 3_600_000;

/** Never put before the system's own: a loader works with the C library it came with only. */
const neverUnpacked = /^(libc6|libc-bin|locales)_/;

/**
 * Fetches Debian packages, and what they need and the system lacks, and unpacks them into a folder. It needs no root
 * and leaves the system as it is: apt works on lists and archives of its own, in `workFolder`. `reinstall` fetches
 * also packages that are taken for installed. Returns the folders of their libraries and programs.
 */
export async function fetchDebianPackages(names, folder, { workFolder, reinstall = false, holding }) {
  const configuration = writeConfiguration(workFolder);
  const apt = (args) =>
    runProgram('apt-get', ['-c', configuration, '-q', ...args], { cwd: workFolder, env: aptEnvironment(), holding });
  if (listsAgeMs(workFolder) > listsAgeMsMax) await update(apt, workFolder);
  const archives = join(workFolder, 'cache', 'archives');
  rmSync(archives, { recursive: true, force: true });
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const options = ['--yes', '--download-only', '--no-install-recommends', ...(reinstall ? ['--reinstall'] : [])];
  await apt(['install', ...options, ...names]);
  for (const archive of readdirSync(archives).filter((file) => file.endsWith('.deb') && !neverUnpacked.test(file))) {
    await runProgram('dpkg-deb', ['--extract', join(archives, archive), folder], { holding });
  }
  rmSync(archives, { recursive: true, force: true });
  return unpackedFolders(folder);
}

/** Where unpacked packages have their libraries and programs. */
export function unpackedFolders(folder) {
  const found = (paths) =>
    paths.map((path) => join(folder, path)).filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
  const triplets = found(['lib', 'usr/lib']).flatMap((path) =>
    readdirSync(path)
      .filter((name) => /-linux-gnu/.test(name))
      .map((name) => join(path, name)),
  );
  return { libraryPaths: triplets, programPaths: found(['bin', 'sbin', 'usr/bin', 'usr/sbin']) };
}

async function update(apt, workFolder) {
  const stamp = join(workFolder, 'updated');
  await apt(['update']);
  writeFileSync(stamp, '');
}

function listsAgeMs(workFolder) {
  const stamp = statSync(join(workFolder, 'updated'), { throwIfNoEntry: false });
  return stamp ? Date.now() - stamp.mtimeMs : Infinity;
}

function aptEnvironment() {
  return { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
}

/** apt's own settings with other folders; the system's hooks, which would clear the system's folders, are left out. */
function writeConfiguration(workFolder) {
  const [state, cache, log] = ['state', 'cache', 'log'].map((name) => join(workFolder, name));
  for (const path of [join(state, 'lists', 'partial'), join(cache, 'archives', 'partial'), log]) {
    mkdirSync(path, { recursive: true });
  }
  const path = join(workFolder, 'apt.conf');
  const hooks = ['APT::Update::Pre-Invoke', 'APT::Update::Post-Invoke', 'APT::Update::Post-Invoke-Success', 'DPkg::Post-Invoke'];
  const lines = [
    ...hooks.map((hook) => `#clear ${hook};`),
    `Dir::State "${state}";`,
    `Dir::State::lists "${join(state, 'lists')}";`,
    'Dir::State::status "/var/lib/dpkg/status";',
    `Dir::Cache "${cache}";`,
    `Dir::Cache::archives "${join(cache, 'archives')}";`,
    `Dir::Log "${log}";`,
    `APT::Sandbox::User "${userInfo().username}";`,
    'Debug::NoLocking "true";',
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "15";',
    'Acquire::https::Timeout "15";',
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}
