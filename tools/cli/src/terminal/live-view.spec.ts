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
    expect(written).toEqual([
      '\u001b[?7l\u001b[2Ka\n\u001b[2Ka!\n\u001b[0J\u001b[?7h',
      '\u001b[?7l\u001b[2A\u001b[2Kb\n\u001b[2Kb!\n\u001b[0J\u001b[?7h',
    ]);
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
    expect(written[1]).toBe('\u001b[2A\u001b[0J');
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
