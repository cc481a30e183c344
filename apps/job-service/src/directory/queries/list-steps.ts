import { Injectable } from '@nestjs/common';
import { ProblemError, parseExactly, placeOfTask, type ActionRequest, type Step, type StepPage } from '@kintsugi/contracts';
import { PageRoom } from '../../platform/page-room.js';
import type { KeptStep } from '../../steps/kept-step.js';
import { StepsOfTask } from '../../steps/steps-of-task.js';
import { ChunkRecord } from '../../tasks/chunk-record.js';
import { isoTime } from '../../tasks/domain/chunk-events.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import { JobDirectory } from '../job-directory.js';
import { cursorInvalid } from './cursor-invalid.js';

/** The largest of so many fill a page. */
const readAtOnce = 8;

/** The steps of a task that its next run goes on behind; the cursor is the sequence at which the next page begins. */
@Injectable()
export class ListSteps {
  constructor(
    private readonly directory: JobDirectory,
    private readonly live: LiveChunks,
    private readonly record: ChunkRecord,
    private readonly steps: StepsOfTask,
  ) {}

  async execute({ job_id: jobId, task_id: taskId, limit, cursor = '0' }: ActionRequest<'listSteps'>): Promise<StepPage> {
    if (!/^\d{1,3}$/.test(cursor)) throw cursorInvalid(cursor);
    await this.directory.get(jobId);
    const { chunkId, index } = placeOfTask(taskId);
    const chunk = this.live.get(chunkId) ?? (await this.record.load([chunkId]))[0];
    if (!chunk || index >= chunk.identity.count || chunk.jobIdOf(index) !== jobId) throw notOf(jobId, taskId);
    const room = new PageRoom(limit);
    const items: Step[] = [];
    const wanted = (await this.steps.at(chunk, index)).filter(({ sequence }) => sequence >= Number(cursor));
    for (let from = 0; from < wanted.length; from += readAtOnce) {
      for (const kept of await this.steps.whole(wanted.slice(from, from + readAtOnce))) {
        const step = viewStep(kept);
        if (!room.take(step)) return { items, next_cursor: String(kept.sequence) };
        items.push(step);
      }
    }
    return { items, next_cursor: null };
  }
}

function viewStep({ name, sequence, attempt, startedAt, tookUs, result }: KeptStep): Step {
  return {
    name,
    sequence,
    attempt,
    started_at: isoTime(startedAt),
    finished_at: isoTime(startedAt + tookUs / 1000),
    duration_ms: tookUs / 1000,
    ...(result === '' ? {} : { result: parseExactly(result) }),
  };
}

function notOf(jobId: string, taskId: string): ProblemError {
  const error = { path: 'data.task_id', rule: 'UNKNOWN', got: taskId, allowed: `a task of ${jobId}` };
  return new ProblemError('VALIDATION_FAILED', `data.task_id: ${taskId} is no task of ${jobId}.`, { errors: [error] });
}
