import { beforeEach, describe, expect, it } from '@jest/globals';
import { HangWatch } from './hang-watch.js';

let now: number;
let hung: string[];
let watch: HangWatch;

beforeEach(() => {
  now = 0;
  hung = [];
  watch = new HangWatch(
    (name) => hung.push(name),
    () => now,
  );
});

/** So many seconds with a check each; the names give signs of life. */
function live(seconds: number, names: string[]): void {
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000;
    for (const name of names) watch.hear(name);
    watch.check();
  }
}

describe('a process that gives no sign of life', () => {
  it('is no hung one for half a minute, and one after a minute, once', () => {
    live(5, ['gateway', 'job-service']);
    live(35, ['job-service']);
    expect(hung).toEqual([]);
    live(60, ['job-service']);
    expect(hung).toEqual(['gateway']);
  });

  it('is not watched before its first sign, nor once it has ended', () => {
    live(5, ['gateway']);
    watch.forget('gateway');
    live(200, []);
    expect(hung).toEqual([]);
  });
});

describe('a pause of the supervisor, or of everything at once,', () => {
  it('is nobody else’s silence, however long and however often', () => {
    for (let pause = 0; pause < 50; pause += 1) {
      live(3, ['gateway']);
      now += 300_000;
      watch.check();
    }
    expect(hung).toEqual([]);
  });
});
