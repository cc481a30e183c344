const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'sunos', 'wasm32', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];
const libraries = { musl: 'musl', musleabihf: 'musl', gnu: 'glibc', gnueabihf: 'glibc' };

/**
 * The optional packages that a package-lock.json asks for and doesn't hold. npm leaves one out that it couldn't fetch,
 * which is usual for another platform's, and `npm ci` then refuses the whole lock.
 */
export function missingOptionalPackages(lock) {
  const missing = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!isHeld(lock.packages, path, name)) missing.set(name, { version, dev: entry.dev });
    }
  }
  return missing;
}

/** The lock with an entry for each of those, so that the platforms they are for get them and all others go without. */
export function completePackageLock(lock) {
  const packages = { ...lock.packages };
  for (const [name, { version, dev }] of missingOptionalPackages(lock)) {
    packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true };
  }
  const [[own, root], ...others] = Object.entries(packages);
  return {
    ...lock,
    packages: Object.fromEntries([[own, root], ...others.sort(([left], [right]) => left.localeCompare(right, 'en'))]),
  };
}

/** Whether a package is found from another one's folder, upward, as Node.js looks for it. */
function isHeld(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[[folder, 'node_modules', name].filter(Boolean).join('/')]) return true;
    if (folder === '') return false;
    if (!folder.includes('/node_modules/')) return packages[`node_modules/${name}`] !== undefined;
  }
}

/** What such packages have in their names: `core-linux-arm64-musl`. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const [os, cpu] = [words.find((word) => systems.includes(word)), words.find((word) => processors.includes(word))];
  if (os === undefined && cpu === undefined) {
    throw new Error(`${name} doesn't tell its platform: install it, so that npm writes its entry.`);
  }
  const libc = words.map((word) => libraries[word]).find(Boolean);
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(libc ? { libc: [libc] } : {}), ...(os ? { os: [os] } : {}) };
}
