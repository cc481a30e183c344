import { deflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { repositoryHistory } from './repository-history.js';

/** The versions of the first file, the newest first. */
function versionsOfFirstFile(): Buffer[] {
  const [first] = repositoryHistory();
  const stream = first as Buffer;
  const versions: Buffer[] = [];
  for (let at = 0; at < stream.length;) {
    const [head = '', , bytes] = /^blob\nmark :(\d+)\ndata (\d+)\n/.exec(stream.toString('latin1', at, at + 64)) ?? [];
    versions.push(stream.subarray(at + head.length, at + head.length + Number(bytes)));
    at += head.length + Number(bytes) + 1;
  }
  return versions;
}

test('each version of a file is another one, of which the one after it has kept more than half', () => {
  const versions = versionsOfFirstFile();
  expect(versions.length).toBeGreaterThan(5);
  for (const [n, version] of versions.entries()) {
    const before = versions[n + 1];
    if (!before) continue;
    const parts = Array.from({ length: version.length / 1_024 }, (_, at) => [at * 1_024, (at + 1) * 1_024] as const);
    const kept = parts.filter(([from, to]) => version.subarray(from, to).equals(before.subarray(from, to))).length;
    expect(kept).toBeLessThan(parts.length);
    expect(kept / parts.length).toBeGreaterThan(0.5);
  }
});

test('files pack as differences of sources do, and are the same in every run', () => {
  const [newest] = versionsOfFirstFile() as [Buffer];
  expect(deflateSync(newest).length / newest.length).toBeLessThan(0.85);
  expect(versionsOfFirstFile()[0]?.equals(newest)).toBe(true);
});
