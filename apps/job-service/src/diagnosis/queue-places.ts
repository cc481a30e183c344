import { Injectable } from '@nestjs/common';
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

  /** @param isOfJob whether a chunk holds ready tasks of the job */
  of(queue: string, isOfJob: (chunk: Chunk) => boolean, priority: number): QueuePlace {
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
      isSuspect: own.length > 0 && !own.some(hasReadyUnsuspected),
      ahead: this.aheadOf(
        offering.map(({ queues }) => queues),
        queue,
        first,
        priority,
      ),
      pace: known?.pace.taskMs ?? null,
    };
  }

  /** What goes before a chunk, or before whatever waits in the store, in all queues of its workers. */
  private aheadOf(
    offered: readonly ReadonlySet<string>[],
    queue: string,
    first: Chunk | undefined,
    priority: number,
  ): QueuePlace['ahead'] {
    const ahead: QueuePlace['ahead'] = { tasks: 0, ofHigherPriority: 0, jobId: null, isAll: true };
    for (const name of new Set([queue, ...offered.flatMap((queues) => [...queues])])) {
      const known = this.queues.known(name);
      if (!known) continue;
      if (!known.window.complete) ahead.isAll = false;
      for (const chunk of known.window.contents) {
        const isHigher = chunk.priority > priority;
        if (chunk === first || !(isHigher || (chunk.priority === priority && (!first || chunk.id < first.id)))) continue;
        const ready = chunk.count('ready');
        ahead.tasks += ready;
        if (!isHigher || ready === 0) continue;
        ahead.ofHigherPriority += ready;
        ahead.jobId ??= chunk.jobIdOf(chunk.indexesIn('ready')[0] as number);
      }
    }
    return ahead;
  }
}
