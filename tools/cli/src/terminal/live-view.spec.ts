import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LiveView } from './live-view.js';

let written: string[];
let now: number;

beforeEach(() => {
  jest.useFakeTimers();
  written = [];
  now = 0;
});

afterEach(() => {
  jest.useRealTimers();
});

const view = (isTTY: boolean) => new LiveView({ isTTY, write: (text) => written.push(text) }, () => now);
const frame = (text: string) => ({ lines: [text, `${text}!`], summary: text });

/** What a terminal shows after these writes: cursor moves and erasures are all that a view sends beside text. */
function screenOf(writes: string[]): string[] {
  const rows = [''];
  let row = 0;
  let column = 0;
  for (const [, count, command, text] of writes.join('').matchAll(/\u001b\[\??(\d*)([A-Za-z])|([^\u001b]+)/g)) {
    const by = Number(count || 1);
    if (text !== undefined) {
      for (const character of text) {
        if (character === '\n') {
          row += 1;
          column = 0;
        } else {
          rows[row] = `${(rows[row] ?? '').slice(0, column)}${character}${(rows[row] ?? '').slice(column + 1)}`;
          column += 1;
        }
        rows[row] ??= '';
      }
    } else if (command === 'A') row = Math.max(0, row - by);
    else if (command === 'B') row += by;
    else if (command === 'G') column = by - 1;
    else if (command === 'K') rows[row] = count === '2' ? '' : (rows[row] ?? '').slice(0, column);
    else if (command === 'J') rows.splice(row, rows.length, (rows[row] ?? '').slice(0, column));
  }
  return rows;
}

function pass(ms: number): void {
  now += ms;
  jest.advanceTimersByTime(ms);
}

describe('a live view on a terminal', () => {
  it('draws the next frame over the one before', () => {
    const live = view(true);
    live.show(frame('a'));
    pass(100);
    live.show(frame('b'));
    live.end();
    expect(screenOf(written)).toEqual(['b', 'b!', '']);
  });

  it('draws ten times a second at most, and the newest frame always in the end', () => {
    const live = view(true);
    for (const text of ['a', 'b', 'c']) live.show(frame(text));
    expect(written).toHaveLength(1);
    pass(100);
    expect(written).toHaveLength(2);
    expect(written[1]).toContain('c!');
    live.show(frame('d'));
    live.end();
    expect(written[2]).toContain('d!');
    pass(1_000);
    expect(written).toHaveLength(3);
  });

  it('can be taken off the screen', () => {
    const live = view(true);
    live.show(frame('a'));
    live.clear();
    expect(screenOf(written).join('')).toBe('');
  });
});

describe('a live view elsewhere', () => {
  it('writes a line every five seconds and moves no cursor', () => {
    const live = view(false);
    for (let second = 0; second <= 11; second += 1) {
      live.show(frame(`at ${second}`));
      pass(1_000);
    }
    live.end();
    expect(written).toEqual(['at 0\n', 'at 5\n', 'at 10\n']);
  });
});
