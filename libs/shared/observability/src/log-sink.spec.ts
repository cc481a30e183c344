import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { LogSink } from './log-sink.js';

const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
const busy = Object.assign(new Error('resource temporarily unavailable'), { code: 'EAGAIN' });

let text = '';
let lost = 0;
let said = 0;
let back: [number, unknown][] = [];
/** What the next writes do: fail, or take so many bytes. */
let fate: (Error | number)[] = [];

const put = (descriptor: number, bytes: Uint8Array): number => {
  if (descriptor === 2) return (said += 1);
  const next = fate.shift() ?? bytes.length;
  if (next instanceof Error) throw next;
  text += Buffer.from(bytes).toString().slice(0, next);
  return Math.min(next, bytes.length);
};

function newSink(): LogSink {
  return new LogSink({ onLost: () => (lost += 1), onBack: (lines, reason) => back.push([lines, reason]) }, put);
}

beforeEach(() => {
  [text, lost, said, back, fate] = ['', 0, 0, [], []];
  jest.useFakeTimers();
});

describe('a log that takes no lines', () => {
  test('costs those lines and nothing else, which is counted and said once it takes lines again', () => {
    const sink = newSink();
    fate = [full, full];
    sink.write('one\n');
    sink.write('two\n');
    sink.write('three\n');
    expect([text, lost, back]).toEqual(['three\n', 2, [[2, full]]]);
    expect(said).toBe(1);
  });

  test('in the middle of a line gets the next one as a line of its own', () => {
    const sink = newSink();
    fate = [2, full];
    sink.write('one\n');
    sink.write('two\n');
    expect([text, lost]).toEqual(['on\ntwo\n', 1]);
  });

  test('because it is read slowly gets all lines in order later, as far as they fit into memory', () => {
    const sink = newSink();
    fate = [1, busy];
    sink.write('one\n');
    sink.write('two\n');
    expect(text).toBe('o');
    jest.advanceTimersByTime(100);
    expect([text, lost]).toEqual(['one\ntwo\n', 0]);
    fate = [busy];
    for (let line = 0; line < 3_000; line += 1) sink.write(`${'x'.repeat(999)}\n`);
    expect(lost).toBeGreaterThan(1_000);
    jest.advanceTimersByTime(100);
    expect(back).toHaveLength(1);
  });
});
