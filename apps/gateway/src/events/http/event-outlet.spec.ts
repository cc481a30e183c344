import { describe, expect, test } from '@jest/globals';
import { EventBacklog, EventOutlet } from './event-outlet.js';

const kibibyte = 1024;

describe('the stream of a client', () => {
  test('is stalled from when nothing more is taken of what waits, and no longer once something is', () => {
    const outlet = new EventOutlet(new EventBacklog());
    expect(outlet.stalledMs(0)).toBe(0);
    outlet.send('abc');
    expect(outlet.stalledMs(1_000)).toBe(0);
    outlet.send('more');
    expect(outlet.stalledMs(5_000)).toBe(4_000);
    outlet.body.read(2);
    expect(outlet.stalledMs(6_000)).toBe(0);
    expect(outlet.stalledMs(7_000)).toBe(0);
    expect(outlet.stalledMs(9_000)).toBe(2_000);
    outlet.body.read();
    expect(outlet.stalledMs(99_000)).toBe(0);
  });

  test('of one that reads slowly is refused more once all together hold too much, and that of others is not', () => {
    const backlog = new EventBacklog();
    const slow = new EventOutlet(backlog);
    expect(slow.send('x'.repeat(100 * kibibyte))).toBe(true);
    backlog.bytes += 64 * kibibyte ** 2;
    const quick = new EventOutlet(backlog);
    expect([quick.send('a'), quick.send('b')]).toEqual([true, true]);
    expect(slow.send('a')).toBe(false);
  });

  test('holds nothing any more once it is closed', async () => {
    const backlog = new EventBacklog();
    const outlet = new EventOutlet(backlog);
    outlet.send('x'.repeat(1_000));
    outlet.send('y');
    expect(backlog.bytes).toBe(1_000);
    const closed = new Promise<void>((resolve) => outlet.onClosed(resolve));
    outlet.cut();
    await closed;
    expect(backlog.bytes).toBe(0);
  });
});
