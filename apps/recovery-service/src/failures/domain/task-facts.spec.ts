import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Failure } from '../../records/domain/failure.js';
import { groupFacts, type Recovery, type TaskFact } from './task-facts.js';

const failure = (task_id: string, attempt: number): TaskFact => ({ kind: 'failure', failure: { task_id, attempt } as Failure });
const recovery = (task_id: string, attempt: number): TaskFact => ({
  kind: 'recovery',
  recovery: { task_id, attempt } as Recovery,
});

const anyFact = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat()).map(([task, attempt]) => failure(task, attempt)),
  fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat()).map(([task, attempt]) => recovery(task, attempt)),
  fc.constant<TaskFact>({ kind: 'cancellation', jobIds: ['j'] }),
);

/** The facts about one task, or the cancellations, in the order of the groups. */
function toldOf(task: string | null, facts: readonly TaskFact[]): unknown[] {
  return facts.filter((fact) =>
    fact.kind === 'cancellation' ? task === null : (fact.kind === 'failure' ? fact.failure : fact.recovery).task_id === task,
  );
}

describe('facts in groups', () => {
  test('lose nothing, keep each task in order, name no task twice and stay within the size', () => {
    fc.assert(
      fc.property(fc.array(anyFact), fc.integer({ min: 1, max: 4 }), (facts, groupSize) => {
        const regrouped: TaskFact[] = [];
        for (const group of groupFacts(facts, groupSize)) {
          if (group.kind === 'cancellation') {
            regrouped.push(group);
            continue;
          }
          const tasks = [...group.failures, ...group.recoveries].map(({ task_id }) => task_id);
          expect(tasks.length).toBeGreaterThan(0);
          expect(tasks.length).toBeLessThanOrEqual(groupSize);
          expect(new Set(tasks).size).toBe(tasks.length);
          regrouped.push(...group.failures.map((one): TaskFact => ({ kind: 'failure', failure: one })));
          regrouped.push(...group.recoveries.map((one): TaskFact => ({ kind: 'recovery', recovery: one })));
        }
        for (const task of ['a', 'b', 'c', 'd', 'e', null]) expect(toldOf(task, regrouped)).toEqual(toldOf(task, facts));
      }),
    );
  });

  test('a cancellation stands between what came before it and what came after', () => {
    const facts = [failure('a', 1), { kind: 'cancellation' as const, jobIds: ['j'] }, failure('b', 1)];
    expect([...groupFacts(facts, 10)].map(({ kind }) => kind)).toEqual(['tasks', 'cancellation', 'tasks']);
  });
});
