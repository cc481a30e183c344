/** The names of the libraries that the output of `ldd` calls missing. */
export function missingLibraries(lddOutput) {
  const missing = lddOutput
    .split('\n')
    .map((line) => /^\s*(\S+) => not found/.exec(line)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set(missing)];
}

/** Where Debian's packages don't follow its own rule for their names. */
const exceptions = {
  'libcrypto.so.3': 'libssl3',
  'liblber-2.5.so.0': 'libldap-2.5-0',
  'liblber.so.2': 'libldap2',
  'libbrotlidec.so.1': 'libbrotli1',
  'libbrotlicommon.so.1': 'libbrotli1',
  'libgcc_s.so.1': 'libgcc-s1',
};

/** Debian's package of a library: `libcurl.so.4` is in libcurl4, `libnghttp2.so.14` in libnghttp2-14. */
export function debianPackageOf(library) {
  if (exceptions[library]) return exceptions[library];
  const [, name, version] = /^(.+?)\.so\.(\d+)/.exec(library) ?? [undefined, library, ''];
  const base = name.toLowerCase().replaceAll('_', '-');
  return /\d$/.test(base) && version ? `${base}-${version}` : `${base}${version}`;
}
