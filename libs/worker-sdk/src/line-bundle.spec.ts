import { expect, test } from '@jest/globals';
import { LineBundle } from './line-bundle.js';

test('lines of one moment stand together in their order, whatever their characters, and are counted', () => {
  const bundle = new LineBundle(5);
  for (const line of ['1\tfirst\n', '2\t日本語 🎉\n']) bundle.add(line, 2);
  expect(bundle.bytes.toString()).toBe('1\tfirst\n2\t日本語 🎉\n');
  expect(bundle).toMatchObject({ at: 5, lines: 2, prefixes: 4, size: Buffer.byteLength('1\tfirst\n2\t日本語 🎉\n') });
  expect([bundle.isOpenAt(5), bundle.isOpenAt(6)]).toEqual([true, false]);
});

test('one that is full takes no more, and has all that it took', () => {
  const bundle = new LineBundle(5);
  const line = `${'é'.repeat(99)}\n`;
  let lines = 0;
  for (; bundle.isOpenAt(5); lines += 1) bundle.add(line, 0);
  expect(bundle.lines).toBe(lines);
  expect(bundle.size).toBe(Buffer.byteLength(line) * lines);
  expect(bundle.bytes.toString()).toBe(line.repeat(lines));
});
