import { ProblemError, placeOfBundledJob, type BatchJob, type JobStatus } from '@kintsugi/contracts';
import type { TaskEngine } from '../../dispatch/task-engine.js';
import type { WorkSender } from '../../dispatch/nats/work-sender.js';
import { jobTransitions, movesFrom } from '../../jobs/domain/job-lifecycle.js';
import type { JobLedger } from '../../jobs/job-ledger.js';
import { jobNotFound, type JobReader } from '../../jobs/queries/job-reader.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { cancelTasks } from '../../tasks/domain/recovery-moves.js';
import type { ChunkStore } from '../../tasks/mongo/chunk-store.js';

const groupMax = 32;

export interface CancelJobParts {
  store: ChunkStore;
  ledger: JobLedger;
  engine: TaskEngine;
  sender: WorkSender;
  reader: JobReader;
  now: () => number;
}

/**
 * Cancels a job: what waits ends now, what runs is asked to stop. A job that is cancelled already stays so; one that is
 * being cancelled is walked once more.
 */
export class CancelJob {
  constructor(private readonly parts: CancelJobParts) {}

  async execute(jobId: string): Promise<BatchJob> {
    const { reader } = this.parts;
    const place = placeOfBundledJob(jobId);
    const job = await reader.get(jobId);
    if (job.status === 'cancelled') return job;
    if (job.status !== 'cancelling' && !(jobTransitions.cancel.from as readonly JobStatus[]).includes(job.status)) {
      throw notCancellable(job);
    }
    if (place) await this.cancelChunks([place.chunkId], () => [place.index]);
    else await this.cancelOwner(jobId);
    return reader.get(jobId);
  }

  /** Cancels the tasks of a job whose state says so; also done at the start, for a walk that a crash cut short. */
  async cancelTasksOf(jobId: string): Promise<void> {
    const ids = await this.parts.store.openIdsOf(jobId);
    for (let from = 0; from < ids.length; from += groupMax) {
      await this.cancelChunks(ids.slice(from, from + groupMax), (chunk) =>
        Array.from({ length: chunk.identity.count }, (_, index) => index),
      );
    }
  }

  private async cancelOwner(jobId: string): Promise<void> {
    const { ledger } = this.parts;
    await ledger.hold([jobId], async () => {
      const entry = ledger.get(jobId);
      if (!entry) throw jobNotFound(jobId);
      if (!entry.isCancelling && !(await ledger.move(entry, 'cancel'))) throw notCancellable(await this.parts.reader.get(jobId));
      await this.cancelTasksOf(jobId);
      ledger.settle(jobId);
    });
  }

  private async cancelChunks(ids: readonly string[], indexesOf: (chunk: Chunk) => number[]): Promise<void> {
    const { engine, now } = this.parts;
    const written: Promise<void>[] = [];
    await engine.withChunks(ids, (chunks) => {
      for (const chunk of chunks) {
        written.push(
          new Promise((resolve, reject) => {
            engine.change(
              chunk,
              () => cancelTasks(chunk, indexesOf(chunk), now()),
              (held, voided) => {
                if (voided) return reject(voided);
                this.askToStop(chunk, held);
                resolve();
              },
            );
          }),
        );
      }
    });
    await Promise.all(written);
  }

  private askToStop(chunk: Chunk, held: readonly number[]): void {
    for (const lease of chunk.state.leases) {
      const indexes = lease.indexes.filter((index) => held.includes(index));
      if (indexes.length > 0) this.parts.sender.control(lease.workerId, { kind: 'cancel', tasks: [[chunk.id, indexes]] });
    }
  }
}

function notCancellable(job: BatchJob): ProblemError {
  return new ProblemError('STATE_CONFLICT', `The job is ${job.status}: there is nothing left to cancel.`, {
    current: job.status,
    allowed: [...jobTransitions.cancel.from],
    errors: [{ path: 'data.job_id', rule: 'STATE', got: job.status, allowed: movesFrom(job.status).join(', ') || 'no move' }],
  });
}
