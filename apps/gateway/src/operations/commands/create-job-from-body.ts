import { randomInt } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { inBackground } from '@kintsugi/boundary';
import { jobIdOf, taskLineOf, utf8Length, type CreateJob, type JobHead, type JobReceipt } from '@kintsugi/contracts';
import type { Backend } from '../../nats/backend.js';
import { StagedUpload } from '../../uploads/commands/staged-upload.js';
import type { TaskChunk } from '../../uploads/domain/task-chunks.js';
import { TaskIntake } from '../../uploads/domain/task-intake.js';

/** A job of at most this many bytes of tasks, in one chunk, goes to job-service as one message. */
const oneMessageBytes = 256 * 1024;

type TaskList = NonNullable<CreateJob['tasks']>;

/** Makes a job of one JSON body. Many or large tasks are staged as those of an upload are, since a message has its limit. */
export class CreateJobFromBody {
  constructor(private readonly backend: Backend) {}

  /** Not an async function: while one waits, it keeps the parsed tasks, which are many times larger than their lines. */
  execute({ tasks, ...head }: CreateJob, requestId: string): Promise<JobReceipt> {
    if (!tasks) return this.backend.ask('createJob', head, requestId);
    const chunks = chunksOf(tasks);
    const [first] = chunks;
    if (chunks.length === 1 && first && utf8Length(first.tasks) <= oneMessageBytes) {
      return this.backend.ask('createJob', { ...head, tasks }, requestId);
    }
    return this.staged(chunks, head, requestId);
  }

  private async staged(chunks: readonly TaskChunk[], head: JobHead, requestId: string): Promise<JobReceipt> {
    const upload = new StagedUpload(this.backend, jobIdOf(uuidv7()), requestId);
    try {
      for (const chunk of chunks) await upload.stage(chunk);
    } catch (error) {
      inBackground('staged-upload.abandon', () => upload.abandon());
      throw error;
    }
    return upload.commit(head);
  }
}

function chunksOf(tasks: TaskList): TaskChunk[] {
  const chunks: TaskChunk[] = [];
  const intake = new TaskIntake(randomInt(2 ** 32), (chunk) => chunks.push(chunk));
  tasks.forEach((task, index) => {
    const path = `data.tasks[${index}]`;
    const line = taskLineOf(task, path);
    intake.take(line, utf8Length(line), task.id, path);
  });
  intake.end('data.tasks');
  return chunks;
}
