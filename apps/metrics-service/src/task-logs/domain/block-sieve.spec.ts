import { describe, expect, test } from '@jest/globals';
import { passes, sieveOf } from './block-sieve.js';

/** Lines as services write them, with an id of 16 signs in each. */
function linesOf(count: number): string[] {
  let state = 1;
  const random = (): number => (state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
  return Array.from({ length: count }, (_, at) => {
    const id = random().toString(16).padStart(8, '0') + random().toString(16).padStart(8, '0');
    return `INFO request=${id} method=GET path=/orders/${random() % 1_000_000} status=200 at=${at}`;
  });
}

const lines = linesOf(2_500);
const block = Buffer.from(lines.join('\n'));
const sieve = sieveOf(block) as Uint8Array;

test('a text that is in the block passes, whatever part of a line it is', () => {
  for (const [at, line] of lines.entries()) {
    const part = line.slice(at % 40, (at % 40) + 1 + (at % 30));
    expect(passes(sieve, Buffer.from(part))).toBe(true);
  }
  const other = Buffer.from(`日本語 🎉 \u001b[31m${'x'.repeat(8_000)}`);
  for (const text of ['日', '本語', '🎉', '\u001b[31mx']) {
    expect(passes(sieveOf(other) as Uint8Array, Buffer.from(text))).toBe(true);
  }
});

describe('a text that is in no line', () => {
  test.each(['the one line that is looked for', 'connection refused', '日本語のログ'])('does not pass: %s', (text) => {
    expect(passes(sieve, Buffer.from(text))).toBe(false);
  });

  test('seldom passes as an id among other ids', () => {
    const ids = linesOf(3_000)
      .slice(2_500)
      .map((line) => line.slice(13, 29));
    expect(ids.filter((id) => passes(sieve, Buffer.from(id))).length).toBeLessThan(ids.length / 10);
  });
});

test('a sieve takes a thirty-second of its lines or less, and small blocks have none', () => {
  expect(sieve.length * 32).toBeLessThanOrEqual(block.length);
  expect(sieve.length * 64).toBeGreaterThan(block.length);
  expect(sieveOf(Buffer.from('a few lines'))).toBeNull();
});

test('a sieve holds nothing of the block before', () => {
  const other = Buffer.from('another line\n'.repeat(1_000));
  const first = sieveOf(other);
  sieveOf(block);
  expect(sieveOf(other)).toEqual(first);
  expect(passes(sieveOf(other) as Uint8Array, Buffer.from('method=GET'))).toBe(false);
});
