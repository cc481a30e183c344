import type { BatchJob, JobWait } from '@kintsugi/contracts';
import { etaOf, noEta, type QueuePlace } from './queue-place.js';
import { blank, counted, tasksWords, verb, workerNames, workersWords } from './wait-words.js';

/** What one task may use, where no worker has room for that. */
export function waitOfResources(
  { needs, isEver }: NonNullable<QueuePlace['resources']>,
  ready: number,
  place: QueuePlace,
): JobWait {
  const use = `one may use ${needs.max_memory} MiB and ${needs.max_cpu} cores`;
  const lack = isEver ? 'no worker has so much left' : 'no worker has so much at all';
  return {
    ...blank('RESOURCES', ready),
    what: `${counted(ready, 'waits', 'wait')}: ${use}, and ${lack}.`,
    holder: isEver ? workerNames(place) : null,
    do: isEver
      ? 'Wait, or start another worker.'
      : 'Start a worker with more (WORKER_MEMORY_MB, WORKER_CPUS), or submit the job with smaller resource_limits.',
  };
}

/** What goes first where workers have no room. */
export function waitOfRoom({ type }: Pick<BatchJob, 'type'>, ready: number, place: QueuePlace): JobWait {
  const { ahead } = place;
  const { ofHigherPriority: higher, sharing } = ahead;
  const reason = higher > 0 ? 'PRIORITY' : sharing > 0 ? 'FAIRNESS' : 'WORKERS_FULL';
  const first = {
    PRIORITY: [ahead.jobId, `, and ${ofAhead(ahead, higher)} of a higher priority ${verb(higher, 'goes', 'go')} first`],
    FAIRNESS: [ahead.sharer, `, and the job takes turns with ${ofSharing(ahead)} of its priority`],
    WORKERS_FULL: [
      null,
      ahead.tasks > 0 ? `, and ${ofAhead(ahead, ahead.tasks)} ${verb(ahead.tasks, 'is', 'are')} before it` : '',
    ],
  } as const;
  const [holder, words] = first[reason];
  return {
    ...blank(reason, ready),
    what: `${counted(ready, 'waits', 'wait')}: there is no room at ${workersWords(place)}${words}.`,
    holder: holder ?? workerNames(place),
    ...(ahead.isAll ? etaOf(place, ahead.tasks) : noEta),
    do: `Start more workers for ${type}, or give a job that is to go first a higher priority.`,
  };
}

function ofAhead({ isAll }: QueuePlace['ahead'], tasks: number): string {
  return isAll ? tasksWords(tasks) : `at least ${tasksWords(tasks)}`;
}

/** Bundles of one user take one turn together. */
function ofSharing({ isAll, sharing }: QueuePlace['ahead']): string {
  const others = sharing === 1 ? '1 other' : `${sharing} others`;
  return isAll ? others : `at least ${others}`;
}
