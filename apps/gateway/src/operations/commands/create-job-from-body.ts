import { Inject, Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { limits, type CreateJobAnswer, type InlineTasks, type JobHead } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { SETTINGS, Turns, atOnce, atOnceBytesMax } from '@kintsugi/hosting';
import type { GatewaySettings } from '../../gateway.config.js';
import { Backend } from '../../nats/backend.js';
import { StagedUploads } from '../../uploads/commands/staged-uploads.js';
import { TaskChunks, type TaskChunk } from '../../uploads/domain/task-chunks.js';
import { TaskChecker } from '../checking/task-checker.js';

/** A job of at most this many bytes of tasks, in one chunk, goes to job-service as one message. */
const oneMessageBytes = 256 * 1024;

/** Makes a job of one JSON body. Many or large tasks are staged as those of an upload are, since a message has its limit. */
@Injectable()
export class CreateJobFromBody {
  constructor(
    private readonly backend: Backend,
    private readonly turns: Turns,
    @Inject(SETTINGS) private readonly settings: Pick<GatewaySettings, 'INEXACT_NUMBERS'>,
    private readonly checker: TaskChecker,
    private readonly uploads: StagedUploads,
  ) {}

  /** Whatever its size, no more than a slice of it is looked at in one turn of the loop; nothing is sent before all of it was. */
  async execute(head: JobHead, tasks: InlineTasks | null, origin: Origin): Promise<CreateJobAnswer> {
    if (!tasks) return this.backend.ask('createJob', head, origin);
    if (tasks.count > limits.tasksPerChunk || tasks.bytes > oneMessageBytes) return this.staged(head, tasks, origin);
    const { turns } = this;
    const { INEXACT_NUMBERS: numbers } = this.settings;
    const lines: string[] = [];
    const checking = tasks.checked(numbers, (line) => lines.push(line));
    await (tasks.bytes > atOnceBytesMax ? turns.run(checking) : atOnce(checking));
    // The tasks go on as they came.
    const text = `${JSON.stringify(head).slice(0, -1)},"tasks":[${lines.join(',')}]}`;
    return this.backend.askWith('createJob', text, origin);
  }

  private async staged(head: JobHead, unchecked: InlineTasks, origin: Origin): Promise<CreateJobAnswer> {
    const { turns } = this;
    const { INEXACT_NUMBERS: numbers } = this.settings;
    const { tasks, fingerprint } = await this.checker.check(unchecked, numbers, head.idempotency_key !== undefined);
    const upload = this.uploads.begin(origin);
    upload.staysHere = head.validate_only === true;
    try {
      for (const chunk of chunksOf(tasks)) {
        await turns.next();
        await upload.stage(chunk);
      }
    } catch (error) {
      inBackground('staged-upload.abandon', () => upload.abandon());
      throw error;
    }
    return upload.commit(head, fingerprint);
  }
}

/** The tasks in chunks, as bytes of the body that they came in. */
function* chunksOf(tasks: InlineTasks): Generator<TaskChunk> {
  const chunks = new TaskChunks<Uint8Array>();
  for (let index = 0; index < tasks.count; index += 1) {
    const line = tasks.bytesOfLine(index);
    const full = chunks.add(line, line.length);
    if (full) yield full;
  }
  const last = chunks.flush();
  if (last) yield last;
}
