import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { ProblemError, chunkIdOf, parentIdsIn, type StageTasks } from '@kintsugi/contracts';
import { untilReachable } from '@kintsugi/persistence';
import { tracing } from '@kintsugi/tracing';
import { JobLedger } from '../../jobs/job-ledger.js';
import { Clock } from '../../platform/clock.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import { inTraces } from '../../tasks/commit-trace.js';
import { StagedChunks, type StagedChunk } from '../../tasks/staged-chunks.js';
import { freshChunk, ownerOf, type ChunkOwner } from '../domain/fresh-chunks.js';

const groupMax = 32;
/** Bytes of task lines that are written together: the driver makes one message of them in one turn of the loop. */
const groupBytesMax = 4 * 1024 ** 2;

interface WaitingChunk {
  staged: StagedChunk;
  done: () => void;
  fail: (error: unknown) => void;
  traceparent: string | undefined;
}

/**
 * Stores the chunks of uploads and plans before their job exists or knows them. What is never committed is forgotten:
 * by its sender, by the next planner, or by the store a day later.
 */
@Injectable()
export class Staging {
  private waiting: WaitingChunk[] = [];
  private writing = false;

  constructor(
    private readonly staged: StagedChunks,
    private readonly live: LiveChunks,
    private readonly ledger: JobLedger,
    private readonly clock: Clock,
  ) {}

  /** Chunks of an upload carry what their job will be only from the commit on. */
  async stage(data: StageTasks): Promise<{ staged: number }> {
    const lines = data.tasks.split('\n');
    if (lines.length !== data.count) {
      throw new ProblemError(
        'VALIDATION_FAILED',
        `data.count: ${data.count} tasks were announced and ${lines.length} lines came.`,
        {
          errors: [{ path: 'data.count', rule: 'MISMATCH', got: String(lines.length), allowed: String(data.count) }],
        },
      );
    }
    const owner = data.fence === undefined ? uploadOwner(data.job_id) : await this.planOwner(data, data.fence, lines);
    const stagedAt = this.clock.now();
    const change = freshChunk(owner, data.sequence, lines, stagedAt).takeChange();
    await this.write({ change, stagedAt, ...(data.fence === undefined ? {} : { planFence: data.fence }) });
    return { staged: lines.length };
  }

  async stageAll(staged: readonly StagedChunk[]): Promise<void> {
    await Promise.all(staged.map((one) => this.write(one)));
  }

  /** Only the planner that holds the lease may add; what an earlier one staged is dropped with its first chunk. */
  private async planOwner({ job_id: jobId, sequence }: StageTasks, fence: number, lines: readonly string[]): Promise<ChunkOwner> {
    const { live, ledger } = this;
    if (lines.some((line) => parentIdsIn(line).length > 0)) {
      throw new ProblemError('DEPENDENCY_INVALID', 'Tasks of a plan cannot wait for each other. Hand them in with the job.');
    }
    const lease = live.get(chunkIdOf(jobId, 'plan'))?.leaseOf(fence);
    const job = ledger.get(jobId)?.job;
    if (!lease || !job || job.total_tasks !== null) {
      throw new ProblemError('UPLOAD_CONFLICT', 'The plan has passed to another planner, or is done. Stop this one.');
    }
    if (sequence === 0) await untilReachable(() => this.staged.dropStaged(jobId, fence));
    return ownerOf(job);
  }

  private async write(staged: StagedChunk): Promise<void> {
    await new Promise<void>((done, fail) => {
      this.waiting.push({ staged, done, fail, traceparent: tracing()?.current });
      if (!this.writing) inBackground('staging', () => this.writeAll());
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      const group = this.nextGroup();
      try {
        const stage = (): Promise<void> => this.staged.stage(group.map(({ staged }) => staged));
        await inTraces(
          group,
          ({ traceparent }) => traceparent ?? [],
          () => untilReachable(stage),
        );
        for (const { done } of group) done();
      } catch (error) {
        for (const { fail } of group) fail(error);
      }
    }
    this.writing = false;
  }

  private nextGroup(): WaitingChunk[] {
    let [count, bytes] = [0, 0];
    for (const { staged } of this.waiting) {
      bytes += bytesOf(staged);
      if (count === groupMax || (count > 0 && bytes > groupBytesMax)) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }
}

function bytesOf({ change }: StagedChunk): number {
  return (change.chunk.lines ?? []).reduce((sum, line) => sum + Buffer.byteLength(line), 0);
}

function uploadOwner(jobId: string): ChunkOwner {
  return { jobId, type: '', priority: 0, safety: 'idempotent', retryConfig: null };
}
