import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Failure } from '../../records/domain/failure.js';
import { groupTaskEvents, type Recovery, type TaskEvent } from './task-events.js';

const failure = (task_id: string, attempt: number): TaskEvent => ({ kind: 'failure', failure: { task_id, attempt } as Failure });
const recovery = (task_id: string, attempt: number): TaskEvent => ({
  kind: 'recovery',
  recovery: { task_id, attempt } as Recovery,
});

const anyEvent = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat()).map(([task, attempt]) => failure(task, attempt)),
  fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat()).map(([task, attempt]) => recovery(task, attempt)),
  fc.constant<TaskEvent>({ kind: 'cancellation', jobIds: ['j'] }),
  fc.constant<TaskEvent>({ kind: 'faults', faults: [] }),
);

/** The taskEvents about one task, or the cancellations, in the order of the groups. */
function toldOf(task: string | null, taskEvents: readonly TaskEvent[]): unknown[] {
  return taskEvents.filter((taskEvent) =>
    taskEvent.kind === 'cancellation' || taskEvent.kind === 'faults'
      ? task === null
      : (taskEvent.kind === 'failure' ? taskEvent.failure : taskEvent.recovery).task_id === task,
  );
}

describe('taskEvents in groups', () => {
  test('lose nothing, keep each task in order, name no task twice and stay within the size', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), fc.integer({ min: 1, max: 4 }), (taskEvents, groupSize) => {
        const regrouped: TaskEvent[] = [];
        for (const group of groupTaskEvents(taskEvents, groupSize)) {
          if (group.kind !== 'tasks') {
            regrouped.push(group);
            continue;
          }
          const tasks = [...group.failures, ...group.recoveries].map(({ task_id }) => task_id);
          expect(tasks.length).toBeGreaterThan(0);
          expect(tasks.length).toBeLessThanOrEqual(groupSize);
          expect(new Set(tasks).size).toBe(tasks.length);
          regrouped.push(...group.failures.map((one): TaskEvent => ({ kind: 'failure', failure: one })));
          regrouped.push(...group.recoveries.map((one): TaskEvent => ({ kind: 'recovery', recovery: one })));
        }
        for (const task of ['a', 'b', 'c', 'd', 'e', null]) expect(toldOf(task, regrouped)).toEqual(toldOf(task, taskEvents));
      }),
    );
  });

  test('a cancellation stands between what came before it and what came after', () => {
    const taskEvents = [failure('a', 1), { kind: 'cancellation' as const, jobIds: ['j'] }, failure('b', 1)];
    expect([...groupTaskEvents(taskEvents, 10)].map(({ kind }) => kind)).toEqual(['tasks', 'cancellation', 'tasks']);
  });
});
