import { expect, test } from '@jest/globals';
import { findNpmProgram } from './npm-program.js';
import { MissingPeerError } from './peer-program.js';

test('a server that is not made for this platform is missing, and nothing is fetched', async () => {
  const told: string[] = [];
  const search = { name: 'a-server', npmPackage: '@somebody/a-server', version: '1.0.0', platforms: ['plan9-mips64'] };
  const finding = findNpmProgram(search, (text) => void told.push(text));
  await expect(finding).rejects.toThrow(MissingPeerError);
  await expect(finding).rejects.toThrow(`there is no a-server for ${process.platform}-${process.arch}`);
  expect(told).toEqual([]);
});
