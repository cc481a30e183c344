import { Injectable } from '@nestjs/common';
import type { ActionRequest, Task, TaskPage, TaskState } from '@kintsugi/contracts';
import { PageRoom } from '../../platform/page-room.js';
import { sequenceOf } from '../../tasks/domain/chunk-sequence.js';
import { viewTask } from '../../tasks/domain/task-view.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import { JobDirectory } from '../job-directory.js';
import { cursorInvalid } from './cursor-invalid.js';
import { ListParents } from './list-parents.js';

/** Chunks read for one page at most; a page of a rare state is found through the chunks' tallies. */
const chunksPerRead = 4;

/** The tasks of a job in order, a page at a time; the cursor is the place at which the next page begins. */
@Injectable()
export class ListTasks {
  constructor(
    private readonly directory: JobDirectory,
    private readonly live: LiveChunks,
    private readonly listParents: ListParents,
  ) {}

  async execute(request: ActionRequest<'listTasks'>): Promise<TaskPage> {
    const { job_id: jobId, limit } = request;
    const { parents_of: taskId, cursor } = request;
    if (taskId !== undefined) return this.listParents.execute({ jobId, taskId, limit, cursor });
    const state = (request.state as TaskState | undefined) ?? null;
    const from = request.cursor === undefined ? { sequence: 0, index: 0 } : placeOf(request.cursor);
    const job = await this.directory.get(jobId);
    const items: Task[] = [];
    let { sequence } = from;
    const room = new PageRoom(limit);
    for (;;) {
      const chunks = await job.chunks(sequence, state, chunksPerRead);
      for (const chunk of chunks) {
        const current = this.live.get(chunk.id) ?? chunk;
        const places = job.placesIn(chunk);
        const first = sequenceOf(chunk) === from.sequence ? Math.max(from.index, places.from) : places.from;
        for (let index = first; index < places.to; index += 1) {
          if (state !== null && current.stateOf(index) !== state) continue;
          const task = viewTask(current.lines ? current : chunk, index);
          if (!room.take(task)) return { items, next_cursor: `${sequenceOf(chunk)}.${index}` };
          items.push(task);
        }
        sequence = sequenceOf(chunk) + 1;
      }
      if (chunks.length < chunksPerRead) return { items, next_cursor: null };
    }
  }
}

function placeOf(cursor: string): { sequence: number; index: number } {
  const parts = /^(\d{1,7})\.(\d{1,3})$/.exec(cursor);
  if (!parts) throw cursorInvalid(cursor);
  return { sequence: Number(parts[1]), index: Number(parts[2]) };
}
