import { describe, expect, test } from '@jest/globals';
import type { WorkHeader } from '@kintsugi/contracts';
import { HeldLease } from './held-lease.js';
import { WaitingTasks } from './waiting-tasks.js';

let chunks = 0;

function leaseOf(priority?: number): HeldLease {
  chunks += 1;
  const header: WorkHeader = {
    ...{ v: 1, chunk_id: `chunk${chunks}`, job_id: 'job', fence: 1, queue: 'send', safety: 'idempotent' },
    ...{ indexes: [0, 1, 2, 3], attempts: [1, 1, 1, 1] },
    ...(priority === undefined ? {} : { priority }),
  };
  return new HeldLease(header, 0);
}

/** So many tasks of a lease wait. */
function wait(waiting: WaitingTasks, lease: HeldLease, count: number): void {
  for (let position = 0; position < count; position += 1) waiting.add({ lease, position, line: '{}' });
}

function priorities(waiting: WaitingTasks, count: number): (number | undefined)[] {
  return Array.from({ length: count }, () => waiting.next()?.lease.header.priority);
}

describe('tasks that wait for a slot of their worker', () => {
  test('start by their priority, and those of one priority as they came', () => {
    const waiting = new WaitingTasks();
    const [bulk, urgent] = [leaseOf(5), leaseOf(9)];
    wait(waiting, bulk, 2);
    wait(waiting, urgent, 2);
    const started = Array.from({ length: 4 }, () => waiting.next());
    expect(started.map((task) => [task?.lease.header.priority, task?.position])).toEqual([
      [9, 0],
      [9, 1],
      [5, 0],
      [5, 1],
    ]);
    expect(waiting.next()).toBeUndefined();
  });

  test('count as those of the usual priority where their lease says nothing of it', () => {
    const waiting = new WaitingTasks();
    wait(waiting, leaseOf(4), 1);
    wait(waiting, leaseOf(), 1);
    wait(waiting, leaseOf(6), 1);
    expect(priorities(waiting, 3)).toEqual([6, undefined, 4]);
  });

  test.each([-1, 10, 4.5, NaN, 'urgent', null])(
    'are none the less there where a lease says that they have priority %p',
    (priority) => {
      const waiting = new WaitingTasks();
      wait(waiting, leaseOf(priority as number), 1);
      expect(waiting.next()).toBeDefined();
      expect(waiting.size).toBe(0);
    },
  );

  test('do not starve behind more urgent ones that come without an end', () => {
    const waiting = new WaitingTasks();
    wait(waiting, leaseOf(0), 1);
    const started: (number | undefined)[] = [];
    for (let round = 0; round < 20 && !started.includes(0); round += 1) {
      wait(waiting, leaseOf(9), 4);
      started.push(...priorities(waiting, 4));
    }
    expect(started).toContain(0);
  });

  test('can be taken out one by one and all at once, whatever their priority', () => {
    const waiting = new WaitingTasks();
    const [bulk, urgent] = [leaseOf(1), leaseOf(8)];
    wait(waiting, bulk, 3);
    wait(waiting, urgent, 3);
    expect(waiting.remove(bulk, 1)).toBe(true);
    expect(waiting.remove(bulk, 1)).toBe(false);
    expect(waiting.size).toBe(5);
    expect(waiting.takeAll()).toHaveLength(5);
    expect(waiting.size).toBe(0);
  });
});
