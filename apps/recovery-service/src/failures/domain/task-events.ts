import type { EventData, JobFault } from '@kintsugi/contracts';
import type { Failure } from '../../records/domain/failure.js';

export type Recovery = EventData<'task.recovered'>['tasks'][number];

/** What job-service tells recovery, one task or the jobs of one event at a time. */
export type TaskEvent =
  | { kind: 'failure'; failure: Failure }
  | { kind: 'recovery'; recovery: Recovery }
  | { kind: 'cancellation'; jobIds: string[] }
  | { kind: 'faults'; faults: JobFault[] };

/** Task events that can be written together: none of them is about what another one changes. */
export type TaskEventGroup =
  | { kind: 'tasks'; failures: Failure[]; recoveries: Recovery[] }
  | { kind: 'cancellation'; jobIds: string[] }
  | { kind: 'faults'; faults: JobFault[] };

/**
 * Cuts a sequence of taskEvents into groups in which no task appears twice, so that each group is one write and what
 * happened to one task stays in order.
 */
export function* groupTaskEvents(taskEvents: Iterable<TaskEvent>, groupSize: number): Generator<TaskEventGroup> {
  let failures: Failure[] = [];
  let recoveries: Recovery[] = [];
  let taskIds = new Set<string>();
  const take = (): TaskEventGroup => {
    const group: TaskEventGroup = { kind: 'tasks', failures, recoveries };
    [failures, recoveries, taskIds] = [[], [], new Set()];
    return group;
  };
  for (const taskEvent of taskEvents) {
    if (taskEvent.kind === 'cancellation' || taskEvent.kind === 'faults') {
      if (taskIds.size > 0) yield take();
      yield taskEvent;
      continue;
    }
    const taskId = taskEvent.kind === 'failure' ? taskEvent.failure.task_id : taskEvent.recovery.task_id;
    if (taskIds.has(taskId) || taskIds.size >= groupSize) yield take();
    taskIds.add(taskId);
    if (taskEvent.kind === 'failure') failures.push(taskEvent.failure);
    else recoveries.push(taskEvent.recovery);
  }
  if (taskIds.size > 0) yield take();
}
