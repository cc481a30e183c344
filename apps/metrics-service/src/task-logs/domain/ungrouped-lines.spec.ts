import { expect, test } from '@jest/globals';
import { groupHead, linePrefix, parseLine, type LogRun } from '@kintsugi/contracts';
import { ungrouped } from './ungrouped-lines.js';

const line = (number: number, text: string): string =>
  `${linePrefix({ offsetMs: 7, number, stream: 'stdout', level: 'info', partial: false })}${text}\n`;
const group = (number: number, ...texts: string[]): string =>
  `${groupHead({ offsetMs: 9, number, stream: 'stderr', level: 'warn', lines: texts.length })}${texts.map((text) => `${text}\n`).join('')}`;

/** A block of runs with these lines. */
function blockOf(...bodies: string[]) {
  const runs = bodies.map((body, at): LogRun => [`0.${at}`, 1, 1, Buffer.byteLength(body), 0]);
  return { runs, lines: Buffer.from(bodies.join('')) };
}

test('lines of groups say for themselves what they are, and all others stay as they were', () => {
  const own = '7\t1\toi*2';
  const block = ungrouped(
    blockOf(line(1, 'before') + group(2, 'one, which is long enough', own, '') + line(5, 'behind'), group(1, 'of another run')),
  );
  const texts = block.lines.toString().split('\n').slice(0, -1);
  expect(texts.map((text) => parseLine(text))).toMatchObject([
    { number: 1, offsetMs: 7, stream: 'stdout', text: 'before' },
    { number: 2, offsetMs: 9, stream: 'stderr', level: 'warn', partial: false, text: 'one, which is long enough' },
    // What looks like a head is none among the lines of a group.
    { number: 3, text: own },
    { number: 4, text: '' },
    { number: 5, stream: 'stdout', text: 'behind' },
    { number: 1, text: 'of another run' },
  ]);
  expect(block.runs.reduce((sum, run) => sum + run[3], 0)).toBe(block.lines.length);
});

test('a block without groups is the same one', () => {
  const block = blockOf(line(1, 'one * two'), line(1, '*'));
  expect(ungrouped(block)).toBe(block);
});

test('a head that promises more lines than there are takes none of the next run', () => {
  const head = groupHead({ offsetMs: 0, number: 1, stream: 'stdout', level: 'info', lines: 3 });
  const block = ungrouped(blockOf(`${head}one that is long enough for three\n`, line(1, 'of another run')));
  const texts = block.lines.toString().split('\n').slice(0, -1);
  expect(texts.map((text) => parseLine(text)?.text)).toEqual(['one that is long enough for three', 'of another run']);
});

test('a block of empty lines does not become many times as long by a head that speaks of a group', () => {
  const head = groupHead({ offsetMs: 0, number: 1, stream: 'stdout', level: 'info', lines: 100_000 });
  const block = blockOf(head + '\n'.repeat(100_000));
  expect(ungrouped(block)).toBe(block);
});

test('nor does one of many heads, each of which speaks of so many lines as all that is behind it could be', () => {
  const head = groupHead({ offsetMs: 0, number: 1, stream: 'stdout', level: 'info', lines: 1_000 });
  const block = blockOf(`${head}${'\n'.repeat(1_000)}`.repeat(20) + 'x'.repeat(10_000));
  expect(ungrouped(block)).toBe(block);
});

test('a group before such a head is told', () => {
  const head = groupHead({ offsetMs: 0, number: 3, stream: 'stdout', level: 'info', lines: 2 });
  const block = ungrouped(blockOf(`${group(1, 'one', 'two, which is longer')}${head}\n\n${'x'.repeat(20)}\n`));
  const texts = block.lines.toString().split('\n');
  expect(texts.flatMap((text) => parseLine(text)?.text ?? [])).toEqual(['one', 'two, which is longer']);
});
