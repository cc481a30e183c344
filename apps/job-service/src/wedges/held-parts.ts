import { Inject, Injectable } from '@nestjs/common';
import { DEFAULT_TENANT } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import type { HeldLease, WorkerEntry } from '../dispatch/domain/worker-entry.js';
import { WorkerRoster } from '../dispatch/domain/worker-roster.js';
import { ReadyQueues } from '../dispatch/ready-queues.js';
import type { JobServiceSettings } from '../job-service.config.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { Clock } from '../platform/clock.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import type { HeldPart } from './domain/waiting-facts.js';

/** A task that has been held for so many times as long as others of its type take may hold others up. */
const timesOfMean = 2;

type Part = { -readonly [Field in keyof HeldPart]: HeldPart[Field] };

/**
 * What workers hold. Only what they have held for long is looked at task by task: where tasks come and go, it costs a look at each lease.
 */
@Injectable()
export class HeldParts {
  constructor(
    private readonly roster: WorkerRoster,
    private readonly live: LiveChunks,
    private readonly ledger: JobLedger,
    private readonly queues: ReadyQueues,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Pick<JobServiceSettings, 'WEDGED_AFTER_MS'>,
  ) {}

  read(): HeldPart[] {
    const parts: HeldPart[] = [];
    for (const worker of this.roster.all) {
      const ofJobs = new Map<string, Part>();
      let full: boolean | undefined;
      const isFull = (): boolean => (full ??= this.isFull(worker));
      for (const lease of worker.leases.values()) this.add({ id: worker.id, isFull }, lease, ofJobs);
      parts.push(...ofJobs.values());
    }
    return parts;
  }

  private add(worker: { id: string; isFull: () => boolean }, held: HeldLease, ofJobs: Map<string, Part>): void {
    const chunk = this.live.get(held.chunkId);
    const lease = chunk?.leaseOf(held.fence);
    const partOf = (jobId: string, tenant: string): Part => {
      const part = ofJobs.get(jobId) ?? freshPart(worker.id, jobId, tenant, held);
      ofJobs.set(jobId, part);
      return part;
    };
    const before = this.clock.now() - this.usualMs(chunk);
    if (!chunk || !lease || lease.leasedAt > before) {
      const jobId = chunk?.identity.jobId ?? null;
      partOf(jobId ?? '', chunk && jobId !== null ? this.tenantOf(chunk, 0) : '').fresh += held.open;
      return;
    }
    for (const index of lease.indexes) {
      const part = partOf(chunk.jobIdOf(index), this.tenantOf(chunk, index));
      const runs = chunk.stateOf(index) === 'running';
      if (runs && (chunk.state.startedAt[index] ?? 0) > before) part.fresh += 1;
      else if (runs || !worker.isFull()) part.running += 1;
      else part.queued += 1;
    }
  }

  private usualMs(chunk: Chunk | undefined): number {
    const { meanMs = 0 } = (chunk && this.queues.known(chunk.identity.queue)?.pace.taskMs) ?? {};
    return Math.max(this.settings.WEDGED_AFTER_MS, timesOfMean * meanMs);
  }

  private tenantOf({ identity: { jobId, jobs } }: Chunk, index: number): string {
    if (jobId !== null) return this.ledger.get(jobId)?.job.tenant ?? DEFAULT_TENANT;
    return jobs?.[index]?.tenant ?? DEFAULT_TENANT;
  }

  /** Whether all of its slots are used by what runs: what it was sent beside that waits for one. */
  private isFull({ slots, leases }: WorkerEntry): boolean {
    let running = 0;
    for (const { chunkId, fence } of leases.values()) {
      const chunk = this.live.get(chunkId);
      for (const index of chunk?.leaseOf(fence)?.indexes ?? []) if (chunk?.stateOf(index) === 'running') running += 1;
      if (running >= slots) return true;
    }
    return false;
  }
}

function freshPart(workerId: string, jobId: string, tenant: string, { needs }: HeldLease): Part {
  return { workerId, jobId, tenant, running: 0, queued: 0, fresh: 0, needs: needs ?? null };
}
