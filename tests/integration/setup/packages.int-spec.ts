import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { completePackageLock, missingOptionalPackages, type PackageLock } from '../../../tools/setup/package-lock.mjs';
import { isAtLeast } from '../../../tools/setup/pins.mjs';
import { debianPackageOf, missingLibraries } from '../../../tools/setup/shared-libraries.mjs';
import { wrapWords } from '../../../tools/setup/wrap-words.mjs';

const path = join(import.meta.dirname, '..', '..', '..', 'package-lock.json');

describe('package-lock.json', () => {
  test('holds every optional package that it asks for, so that npm ci takes it on every platform', () => {
    // After a change of dependencies: node tools/setup/complete-package-lock.mjs.
    const lock = JSON.parse(readFileSync(path, 'utf8')) as PackageLock;
    expect([...missingOptionalPackages(lock).keys()]).toEqual([]);
  });

  test('is completed with the platform that a name tells, and keeps what it has', () => {
    const optionalDependencies = { 'core-linux-arm64-musl': '1.2.3', '@scope/binding-darwin-x64': '1.2.3', held: '1.0.0' };
    const lock = {
      packages: { '': {}, 'node_modules/core': { dev: true, optionalDependencies }, 'node_modules/held': { version: '1.0.0' } },
    };
    const completed = completePackageLock(lock);
    expect(completed.packages).toEqual({
      ...lock.packages,
      'node_modules/core-linux-arm64-musl': {
        version: '1.2.3',
        cpu: ['arm64'],
        libc: ['musl'],
        os: ['linux'],
        dev: true,
        optional: true,
      },
      'node_modules/@scope/binding-darwin-x64': { version: '1.2.3', cpu: ['x64'], os: ['darwin'], dev: true, optional: true },
    });
    expect(missingOptionalPackages(completed).size).toBe(0);
  });

  test('counts a package as held that stands in the folder of the one that asks', () => {
    const core = { optionalDependencies: { inner: '1.0.0' } };
    expect(
      missingOptionalPackages({ packages: { 'node_modules/a/node_modules/core': core, 'node_modules/a/node_modules/inner': {} } })
        .size,
    ).toBe(0);
    expect(
      missingOptionalPackages({ packages: { 'node_modules/core': core, 'node_modules/a/node_modules/inner': {} } }).size,
    ).toBe(1);
  });
});

describe('libraries that a program lacks', () => {
  test('are read from what ldd says', () => {
    const said = [
      '\tlinux-vdso.so.1 (0x0)',
      '\tlibcurl.so.4 => not found',
      '\tlibc.so.6 => /lib/libc.so.6 (0x0)',
      '\tlibcurl.so.4 => not found',
    ];
    expect(missingLibraries(said.join('\n'))).toEqual(['libcurl.so.4']);
  });

  test.each([
    ['libcurl.so.4', 'libcurl4'],
    ['libssl.so.3', 'libssl3'],
    ['libcrypto.so.3', 'libssl3'],
    ['libldap-2.5.so.0', 'libldap-2.5-0'],
    ['libnghttp2.so.14', 'libnghttp2-14'],
    ['libgssapi_krb5.so.2', 'libgssapi-krb5-2'],
  ])('%s is in the package %s', (library, name) => {
    expect(debianPackageOf(library)).toBe(name);
  });
});

describe('versions', () => {
  test.each([
    ['v24.9.0', '24.9.0', true],
    ['v24.21.0', '24.9.0', true],
    ['v20.20.2', '24.9.0', false],
    ['2.15.1', '2.11.0', true],
    ['2.9.16', '2.11.0', false],
    ['unknown', '1.0.0', false],
  ])('%s is at least %s: %p', (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});

describe('what the set-up says', () => {
  test('fits on a terminal of 80 columns, and breaks between words', () => {
    const path = `/${'x'.repeat(90)}`;
    expect(wrapWords(`  ok  ${'word '.repeat(20).trim()}\n${path} is there`, '      ').split('\n')).toEqual([
      `  ok  ${'word '.repeat(15).trim()}`,
      `      ${'word '.repeat(5).trim()}`,
      path,
      '      is there',
    ]);
  });
});
