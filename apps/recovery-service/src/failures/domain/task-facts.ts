import type { EventData } from '@kintsugi/contracts';
import type { Failure } from '../../records/domain/failure.js';

export type Recovery = EventData<'task.recovered'>['tasks'][number];

/** What job-service tells recovery, one task or the jobs of one event at a time. */
export type TaskFact =
  { kind: 'failure'; failure: Failure } | { kind: 'recovery'; recovery: Recovery } | { kind: 'cancellation'; jobIds: string[] };

/** Facts that can be written together: none of them is about what another one changes. */
export type FactGroup =
  { kind: 'tasks'; failures: Failure[]; recoveries: Recovery[] } | { kind: 'cancellation'; jobIds: string[] };

/**
 * Cuts a sequence of facts into groups in which no task appears twice, so that each group is one write and what
 * happened to one task stays in order.
 */
export function* groupFacts(facts: Iterable<TaskFact>, groupSize: number): Generator<FactGroup> {
  let failures: Failure[] = [];
  let recoveries: Recovery[] = [];
  let taskIds = new Set<string>();
  const take = (): FactGroup => {
    const group: FactGroup = { kind: 'tasks', failures, recoveries };
    [failures, recoveries, taskIds] = [[], [], new Set()];
    return group;
  };
  for (const fact of facts) {
    if (fact.kind === 'cancellation') {
      if (taskIds.size > 0) yield take();
      yield fact;
      continue;
    }
    const taskId = fact.kind === 'failure' ? fact.failure.task_id : fact.recovery.task_id;
    if (taskIds.has(taskId) || taskIds.size >= groupSize) yield take();
    taskIds.add(taskId);
    if (fact.kind === 'failure') failures.push(fact.failure);
    else recoveries.push(fact.recovery);
  }
  if (taskIds.size > 0) yield take();
}
