import { inBackground } from '@kintsugi/boundary';
import { isPreview, requestBodyOf, requestBytesOf, type CreateJobAnswer, type JobHead } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import type { Backend } from '../../nats/backend.js';
import type { Room } from '../../shares/domain/room.js';
import type { TaskChunk } from '../domain/task-chunks.js';

/** Chunks on their way at once: enough to keep the database's group commit busy, little enough to stay small in memory. */
const inFlightMax = 8;

/**
 * Tasks that job-service keeps aside under the id of a job that does not exist yet. Nothing of it counts before `commit`:
 * whatever ends it earlier leaves chunks that nobody will ever see, and `abandon` has them removed at once.
 */
export class StagedUpload {
  /** Its chunks are only counted: no job is to be made of them. */
  staysHere = false;
  private readonly inFlight = new Set<Promise<void>>();
  private chunks = 0;
  private tasks = 0;
  private fault: unknown;

  constructor(
    private readonly backend: Backend,
    private readonly jobId: string,
    private readonly origin: Origin,
    /** For chunks on their way of all uploads together. */
    private readonly room: Room,
    /** Aborted with a reason when no more of it shall be staged. */
    private readonly ended: AbortSignal,
  ) {}

  /** Resolves when there is room for another chunk, so that a fast sender waits for a slow store. */
  async stage(chunk: TaskChunk): Promise<void> {
    this.chunks += 1;
    this.tasks += chunk.lines.length;
    if (this.staysHere) return;
    const giveBack = await this.room.take(this.ended, this.jobId);
    if (!giveBack) throw this.ended.reason;
    const sending = this.send(chunk)
      .catch((error: unknown) => {
        this.fault ??= error;
      })
      .finally(() => {
        giveBack();
        this.inFlight.delete(sending);
      });
    this.inFlight.add(sending);
    while (this.inFlight.size >= inFlightMax) await Promise.race(this.inFlight);
    this.throwFault();
  }

  /** @param fingerprint of the tasks, where the job has an idempotency key */
  async commit(job: JobHead, fingerprint: string): Promise<CreateJobAnswer> {
    await Promise.all(this.inFlight);
    this.throwFault();
    const receipt: CreateJobAnswer = await this.backend.requestWithRetry(
      'commitUpload',
      { job_id: this.jobId, job, chunks: this.chunks, total_tasks: this.tasks, fingerprint },
      this.origin,
    );
    if (isPreview(receipt)) return receipt;
    // The key had made another job before, so that these chunks belong to none.
    if (receipt.job_id !== this.jobId) inBackground('staged-upload.abandon', () => this.abandon());
    // A repeated commit of this very upload finds its own job.
    return { ...receipt, replayed: receipt.replayed && receipt.job_id !== this.jobId };
  }

  /** Best effort: what cannot be removed now is swept by job-service later. */
  async abandon(): Promise<void> {
    if (this.staysHere) return;
    await Promise.all(this.inFlight);
    await this.backend.ask('abandonUpload', { job_id: this.jobId }, this.origin).catch(() => undefined);
  }

  private async send(chunk: TaskChunk): Promise<void> {
    await this.backend.requestBodyWithRetry('stageTasks', this.bodyOf(chunk), this.origin);
  }

  private bodyOf({ sequence, lines }: TaskChunk): string | Uint8Array {
    const fields = { job_id: this.jobId, sequence, count: lines.length };
    return areTexts(lines) ? requestBodyOf('stageTasks', { ...fields, tasks: lines.join('\n') }) : requestBytesOf(fields, lines);
  }

  private throwFault(): void {
    if (this.fault) throw this.fault;
  }
}

function areTexts(lines: TaskChunk['lines']): lines is readonly string[] {
  return typeof lines[0] === 'string';
}
