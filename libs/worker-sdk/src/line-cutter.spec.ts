import { describe, expect, test } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { LineCutter } from './line-cutter.js';
import { SecretMask } from './secret-mask.js';

function cut(pieces: readonly (string | Uint8Array)[], ...secrets: string[]) {
  const lines: [text: string, partial: boolean][] = [];
  const mask = new SecretMask(secrets);
  const cutter = new LineCutter(
    () => mask,
    (text, partial) => lines.push([text, partial]),
  );
  for (const piece of pieces) cutter.push(Buffer.from(piece));
  cutter.end();
  return lines;
}

/** A text in pieces of so many bytes. */
function inPieces(text: string, bytes: number): Uint8Array[] {
  const all = Buffer.from(text);
  return Array.from({ length: Math.ceil(all.length / bytes) }, (_, at) => all.subarray(at * bytes, (at + 1) * bytes));
}

describe('output that comes in any pieces', () => {
  const text = 'first\n\n日本語 🎉\r\nwith password-1 inside\nlast';
  const lines = [
    ['first', false],
    ['', false],
    ['日本語 🎉\r', false],
    ['with … inside', false],
    ['last', true],
  ];

  test.each([1, 2, 3, 5, 7, 1_000])('of %i bytes becomes the same lines, without the secret', (bytes) => {
    expect(cut(inPieces(text, bytes), 'password-1')).toEqual(lines);
  });
});

test('what is no UTF-8 becomes the sign for that', () => {
  expect(cut([Buffer.from([0x61, 0xff, 0xfe, 0x0a])])).toEqual([['a��', false]]);
});

describe('a line that never ends', () => {
  const secret = 'the-secret-of-the-house';

  test.each([7, 4_096, 65_536])('is kept in parts, in pieces of %i bytes, and no part holds a piece of a secret', (bytes) => {
    const text = Array.from({ length: 8_000 }, (_, at) => `${at}${secret}`).join('-');
    const lines = cut(inPieces(text, bytes), secret);
    expect(lines.length).toBeGreaterThan(1);
    for (const [part] of lines) expect(part.length).toBeLessThanOrEqual(limits.logTextLength);
    expect(lines.every(([, partial]) => partial)).toBe(true);
    expect(lines.map(([part]) => part).join('')).toBe(text.replaceAll(secret, '…'));
  });

  test('is never cut inside a character', () => {
    const lines = cut([`a${'🎉'.repeat(20_000)}\n`]);
    for (const [part] of lines) expect(part.isWellFormed()).toBe(true);
    expect(lines.at(-1)?.[1]).toBe(false);
  });
});

describe('what is passed over', () => {
  test('is counted in lines, and the rest of a line that was cut is passed over too', () => {
    const lines: string[] = [];
    const cutter = new LineCutter(
      () => new SecretMask(),
      (text) => lines.push(text),
    );
    cutter.push(Buffer.from('kept\nbegun and'));
    expect(cutter.skip(Buffer.from(' lost\nlost\nlost in pa'))).toBe(2);
    cutter.push(Buffer.from('rt'));
    cutter.push(Buffer.from('s\nkept again\n'));
    expect(lines).toEqual(['kept', 'begun ', 'kept again']);
  });

  test.each([1, 10, 47, 48, 49, 200, 5_000])('is counted whatever length its lines have, also behind others: %i', (length) => {
    const cutter = new LineCutter(
      () => new SecretMask(),
      () => undefined,
    );
    const lines = (bytes: number, count: number): string => `${'x'.repeat(bytes - 1)}\n`.repeat(count);
    expect(cutter.skip(Buffer.from(`${lines(length, 100)}${lines(1, 300)}${lines(90, 50)}rest`))).toBe(450);
  });

  test.each([
    ['a declared secret', 'of two words', 'with a key of two'],
    ['what looks like one', 'unused', 'from https://me:pass'],
  ])('leaves no beginning of %s in what is kept', (_, secret, begun) => {
    const lines: string[] = [];
    const cutter = new LineCutter(
      () => new SecretMask([secret]),
      (text) => lines.push(text),
    );
    cutter.push(Buffer.from(begun));
    cutter.skip(Buffer.from(' words\n'));
    expect(lines).toEqual([begun.startsWith('with') ? 'with a key ' : 'from ']);
  });
});

describe('whole lines that are wanted as they came', () => {
  const secret = 'pass-phrase';

  /** All that comes out, in its order: bytes that were given as they came, and lines that were cut. */
  function grouped(pieces: readonly Uint8Array[]) {
    const given: { bytes: string; lines: number }[] = [];
    const texts: string[] = [];
    const mask = new SecretMask([secret]);
    const cutter = new LineCutter(
      () => mask,
      (text) => texts.push(text),
      undefined,
      {
        isWanted: () => true,
        onBytes: (bytes, lines) => {
          given.push({ bytes: bytes.toString(), lines });
          texts.push(...bytes.toString().split('\n').slice(0, -1));
        },
      },
    );
    for (const piece of pieces) cutter.push(piece);
    cutter.end();
    return { given, texts };
  }

  const lines = Array.from({ length: 900 }, (_, n) => `line ${n} of many that nobody has to change 日本`);
  const text = `${lines.join('\n')}\n`;

  test.each([5_000, 16_384, 65_536])(
    'are given by pieces of %i bytes, with their number, and none is lost or told twice',
    (bytes) => {
      const { given, texts } = grouped(inPieces(text, bytes));
      expect(texts).toEqual(lines);
      expect(given.length).toBeGreaterThan(0);
      for (const group of given) expect(group.bytes.split('\n')).toHaveLength(group.lines + 1);
    },
  );

  test.each([
    ['a secret that was declared', `with ${secret} inside`, 'with … inside'],
    ['what looks like a secret', 'at mongodb://ada:lovelace@db/jobs', 'at mongodb://…@db/jobs'],
    ['what is no UTF-8', Buffer.from([0x61, 0xff]), 'a�'],
    ['a line that is too long', 'x'.repeat(limits.logTextLength + 1), 'x'.repeat(limits.logTextLength)],
  ])('are cut and cleaned where %s is among them', (_, line, clean) => {
    const piece = Buffer.concat([Buffer.from(text.slice(0, 20_000)), Buffer.from('\n'), Buffer.from(line), Buffer.from('\n')]);
    const { given, texts } = grouped([piece]);
    expect(given).toEqual([]);
    expect(texts).toContain(clean);
  });

  test('are cut where they are so short that a head for all of them would say too little', () => {
    expect(grouped([Buffer.from('\n'.repeat(10_000))]).given).toEqual([]);
  });
});
