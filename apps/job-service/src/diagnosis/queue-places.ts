import { Injectable } from '@nestjs/common';
import type { BatchJob } from '@kintsugi/contracts';
import type { Owners } from '../dispatch/domain/fair-share.js';
import { couldHold, hasRoomFor } from '../dispatch/domain/room-for-tasks.js';
import { WorkerRoster } from '../dispatch/domain/worker-roster.js';
import { ReadyQueues } from '../dispatch/ready-queues.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { hasReadyUnsuspected } from '../tasks/domain/suspects.js';
import type { QueuePlace } from './domain/queue-place.js';

/** Tells where a job stands among what its workers have to do. It looks at what dispatch has in memory, and changes nothing. */
@Injectable()
export class QueuePlaces {
  constructor(
    private readonly queues: ReadyQueues,
    private readonly roster: WorkerRoster,
  ) {}

  /**
   * @param isOfJob whether a chunk holds ready tasks of the job
   * @param owners whose the job is, as dispatch shares
   */
  of(
    queue: string,
    isOfJob: (chunk: Chunk) => boolean,
    { priority, resource_limits: needs }: Pick<BatchJob, 'priority' | 'resource_limits'>,
    owners: Owners,
  ): QueuePlace {
    const { roster } = this;
    const offering = [...(roster.offeredQueues.get(queue) ?? [])];
    const known = this.queues.known(queue);
    const own = known?.window.contents.filter(isOfJob) ?? [];
    const [first] = own;
    const limitOf = (slots: number): number => known?.pace.heldLimit(slots, first?.identity.safety ?? 'idempotent') ?? slots;
    return {
      workers: offering.map(({ id, slots, held }) => ({ id, slots, held })),
      draining: [...roster.all].filter((worker) => worker.draining && worker.queues.has(queue)).length,
      hasRoom: roster.pick(queue, limitOf) !== null,
      resources: needs && !hasRoomFor(offering, needs) ? { needs, isEver: couldHold(offering, needs) } : null,
      isSuspect: own.length > 0 && !own.some(hasReadyUnsuspected),
      ahead: this.aheadOf(
        [...new Set([queue, ...offering.flatMap(({ queues }) => [...queues])])],
        priority,
        known?.window.ofJob(owners, priority) ?? [],
        first,
      ),
      pace: known?.pace.taskMs ?? null,
    };
  }

  /**
   * What goes before the first chunk of a job, or before whatever of it waits in the store, in all queues of its workers.
   * @param own what shares its turn with the job, and is in memory
   */
  private aheadOf(
    queues: readonly string[],
    priority: number,
    own: readonly Chunk[],
    first: Chunk | undefined,
  ): QueuePlace['ahead'] {
    const ahead: QueuePlace['ahead'] = { tasks: 0, ofHigherPriority: 0, jobId: null, sharing: 0, sharer: null, isAll: true };
    for (const chunk of own) if (!first || chunk.id < first.id) ahead.tasks += chunk.count('ready');
    for (const name of queues) {
      const known = this.queues.known(name);
      if (!known) continue;
      if (!known.window.complete) ahead.isAll = false;
      for (const chunk of known.window.contents) {
        if (chunk.priority <= priority) break;
        const ready = chunk.count('ready');
        ahead.tasks += ready;
        ahead.ofHigherPriority += ready;
        if (ready > 0) ahead.jobId ??= firstReadyOf(chunk);
      }
      for (const chunks of known.window.jobsOf(priority)) {
        const [next] = chunks;
        if (!next || chunks === own || next.count('ready') === 0) continue;
        ahead.sharing += 1;
        ahead.sharer ??= firstReadyOf(next);
        ahead.tasks += Math.min(next.count('ready'), known.pace.sliceSize(next.identity.safety));
      }
    }
    return ahead;
  }
}

function firstReadyOf(chunk: Chunk): string {
  return chunk.jobIdOf(chunk.indexesIn('ready')[0] as number);
}
