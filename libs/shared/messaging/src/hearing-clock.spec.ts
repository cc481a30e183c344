import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { HearingClock } from './hearing-clock.js';

/** A broker that hands back what it got when it is told to. */
class SlowBroker {
  state: 'up' | 'down' = 'up';
  private readonly socket: string[] = [];
  private readonly handlers = new Map<string, () => void>();
  private onChange: () => void = () => undefined;

  publish(subject: string): void {
    this.socket.push(subject);
  }

  subscribe(subject: string, handler: () => void): never {
    this.handlers.set(subject, handler);
    return { unsubscribe: () => this.handlers.delete(subject) } as never;
  }

  onState(listener: () => void): void {
    this.onChange = listener;
  }

  change(state: 'up' | 'down'): void {
    this.state = state;
    if (state === 'down') this.socket.length = 0;
    this.onChange();
  }

  deliver(): void {
    for (const subject of this.socket.splice(0)) this.handlers.get(subject)?.();
  }
}

let broker: SlowBroker;
let clock: HearingClock;

beforeEach(() => {
  jest.useFakeTimers();
  broker = new SlowBroker();
  clock = new HearingClock(broker as never);
  clock.start();
});

afterEach(() => {
  clock.stop();
  jest.useRealTimers();
});

function live(ms: number): void {
  for (let passed = 0; passed < ms; passed += 50) {
    jest.advanceTimersByTime(50);
    broker.deliver();
  }
}

test('goes with the time while echoes come back', () => {
  live(10_000);
  expect(clock.now).toBeGreaterThan(9_000);
  expect(clock.now).toBeLessThanOrEqual(10_000);
});

test('goes with the time where each echo is a moment under way', () => {
  for (let echo = 0; echo < 40; echo += 1) {
    jest.advanceTimersByTime(10);
    broker.deliver();
    jest.advanceTimersByTime(240);
  }
  expect(clock.now).toBeGreaterThan(9_000);
});

test('a pause of this process is one step, also where an old echo lay in the socket', () => {
  live(1_000);
  const before = clock.now;
  // Stopped: the time goes on, and no timer fires.
  const offset = performance.now() + 30_000;
  const late = jest.spyOn(performance, 'now').mockReturnValue(offset);
  jest.advanceTimersByTime(250);
  broker.deliver();
  broker.deliver();
  expect(clock.now - before).toBeLessThanOrEqual(500);
  expect(clock.hearsSince).toBeLessThanOrEqual(before);
  late.mockRestore();
});

test('a paused broker stops it, and what it then hands back at once is one step', () => {
  live(1_000);
  const before = clock.now;
  jest.advanceTimersByTime(30_000);
  broker.deliver();
  expect(clock.now - before).toBeLessThanOrEqual(500);
  expect(clock.hearsSince).toBe(clock.now);
});

test('a cut connection stops it, and is told by the time from which it hears again', () => {
  live(1_000);
  const before = clock.now;
  broker.change('down');
  live(30_000);
  expect(clock.now - before).toBeLessThanOrEqual(500);
  broker.change('up');
  live(250);
  expect(clock.hearsSince).toBeGreaterThan(before);
  expect(clock.now - before).toBeLessThanOrEqual(1_000);
});

test('who judges is called after everything that arrived before the echo was read', () => {
  const read: string[] = [];
  broker.subscribe('beats', () => read.push('a beat'));
  clock.onHeard(() => read.push('the judge looks'));
  broker.deliver();
  read.length = 0;
  broker.publish('beats');
  jest.advanceTimersByTime(250);
  broker.deliver();
  expect(read).toEqual(['a beat', 'the judge looks']);
});

describe('while others can be heard and nobody has to be judged', () => {
  let looks: number;
  let isNeeded: boolean;

  beforeEach(() => {
    [looks, isNeeded] = [0, false];
    clock.onHeard(
      () => (looks += 1),
      () => isNeeded,
    );
    broker.deliver();
    looks = 0;
  });

  function liveAndHear(ms: number): void {
    for (let passed = 0; passed < ms; passed += 50) {
      if (passed % 450 === 0) clock.noteSign();
      live(50);
    }
  }

  test('no echo is asked for, and the time goes on all the same', () => {
    const before = clock.now;
    liveAndHear(9_000);
    expect(looks).toBe(0);
    expect(clock.now - before).toBeGreaterThan(8_500);
  });

  test('echoes are asked for again once somebody has to be judged', () => {
    liveAndHear(2_000);
    isNeeded = true;
    liveAndHear(2_000);
    expect(looks).toBeGreaterThanOrEqual(7);
  });

  test('echoes are asked for again once nothing is heard, and a broker that is away stops the time', () => {
    liveAndHear(2_000);
    live(2_000);
    expect(looks).toBeGreaterThanOrEqual(3);
    broker.change('down');
    const before = clock.now;
    live(30_000);
    expect(clock.now - before).toBeLessThanOrEqual(500);
  });

  test('what is read slowly of others is not the silence of one who may have to be judged', () => {
    liveAndHear(2_000);
    isNeeded = true;
    const before = clock.now;
    const offset = performance.now();
    for (let read = 1; read <= 30; read += 1) {
      const late = jest.spyOn(performance, 'now').mockReturnValue(offset + read * 100);
      clock.noteSign();
      late.mockRestore();
    }
    const late = jest.spyOn(performance, 'now').mockReturnValue(offset + 3_000);
    expect(clock.now - before).toBeLessThanOrEqual(500);
    late.mockRestore();
  });

  test('a sign after the broker was away says since when it is heard again', () => {
    broker.change('down');
    live(10_000);
    broker.change('up');
    clock.noteSign();
    expect(clock.hearsSince).toBe(clock.now);
  });
});
