import { Injectable } from '@nestjs/common';
import type { ResourceLimits, SafetyClass } from '@kintsugi/contracts';
import { couldHold } from '../dispatch/domain/room-for-tasks.js';
import type { WorkerEntry } from '../dispatch/domain/worker-entry.js';
import { WorkerRoster } from '../dispatch/domain/worker-roster.js';
import { ReadyQueues } from '../dispatch/ready-queues.js';
import { UnservedQueues } from '../dispatch/unserved-queues.js';
import type { FullRoom, Shortage } from './domain/waiting-facts.js';

/** Tells where no worker has room for a task, and what has to come free. */
@Injectable()
export class FullRooms {
  constructor(
    private readonly roster: WorkerRoster,
    private readonly queues: ReadyQueues,
    private readonly unserved: UnservedQueues,
  ) {}

  /** null where a worker has room. */
  of(queue: string, needs: ResourceLimits | null, safety: SafetyClass): FullRoom | null {
    const offering = [...(this.roster.offeredQueues.get(queue) ?? [])];
    const id = roomIdOf(queue, needs, safety);
    if (offering.length === 0) {
      return this.unserved.has(queue) ? { id, queue, needs, workers: [], isOffered: false } : null;
    }
    const pace = this.queues.known(queue)?.pace;
    const limitOf = (slots: number): number => pace?.heldLimit(slots, safety) ?? slots;
    if (this.roster.pick(queue, limitOf, undefined, needs)) return null;
    const able = needs ? offering.filter((worker) => couldHold([worker], needs)) : offering;
    const workers = able.map((worker) => ({ workerId: worker.id, shortages: shortagesOf(worker, limitOf(worker.slots), needs) }));
    return { id, queue, needs, workers, isOffered: true };
  }
}

/** The same for tasks that find room together. */
export function roomIdOf(queue: string, needs: ResourceLimits | null, safety: SafetyClass): string {
  return ['room', queue, safety === 'unsafe', needs?.max_memory, needs?.max_cpu].join('\t');
}

function shortagesOf({ held, isolation, capacity, used }: WorkerEntry, limit: number, needs: ResourceLimits | null): Shortage[] {
  // Handlers that should have stopped have all of its slots, and nothing that it holds says when they give one back.
  if (limit === 0) return [];
  const shortages: Shortage[] = [
    { of: 'tasks', amount: held + 1 - Math.min(limit, isolation) },
    { of: 'memoryMib', amount: (needs?.max_memory ?? 0) - (capacity.memoryMib - used.memoryMib) },
    { of: 'cpuCores', amount: (needs?.max_cpu ?? 0) - (capacity.cpuCores - used.cpuCores) },
  ];
  return shortages.filter(({ amount }) => amount > 0);
}
