import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type Task, type TaskPage, type TaskState } from '@kintsugi/contracts';
import { PageRoom } from '../../platform/page-room.js';
import type { PageOrder } from '../../tasks/chunk-search.js';
import { sequenceOf } from '../../tasks/domain/chunk-sequence.js';
import { viewTask } from '../../tasks/domain/task-view.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import { JobDirectory } from '../job-directory.js';
import { cursorInvalid } from './cursor-invalid.js';
import { ListParents } from './list-parents.js';

/** Chunks read for one page at most; a page of a rare state is found through the chunks' tallies. */
const chunksPerRead = 4;

interface Place {
  sequence: number;
  index: number;
}

/** Where the first page begins: at the first task, or beyond the last place that a cursor can name. */
const begins: Record<PageOrder, Place> = { asc: { sequence: 0, index: 0 }, desc: { sequence: 9_999_999, index: 999 } };

/** What cursors begin with: the place at which a page begins in one order would skip tasks in the other. */
const marks: Record<PageOrder, string> = { asc: '', desc: 'desc.' };

/** The tasks of a job in order, a page at a time; the cursor is the place at which the next page begins. */
@Injectable()
export class ListTasks {
  constructor(
    private readonly directory: JobDirectory,
    private readonly live: LiveChunks,
    private readonly listParents: ListParents,
  ) {}

  async execute(request: ActionRequest<'listTasks'>): Promise<TaskPage> {
    const { job_id: jobId, parents_of: taskId, limit, cursor, order } = request;
    if (taskId !== undefined && order === 'desc') throw parentsHaveTheirOrder();
    if (taskId !== undefined) return this.listParents.execute({ jobId, taskId, limit, cursor });
    const state = (request.state as TaskState | undefined) ?? null;
    const from = cursor === undefined ? begins[order] : placeOf(cursor, order);
    const job = await this.directory.get(jobId);
    const items: Task[] = [];
    let { sequence } = from;
    const room = new PageRoom(limit);
    for (;;) {
      const chunks = await job.chunks(sequence, state, chunksPerRead, order);
      for (const chunk of chunks) {
        const current = this.live.get(chunk.id) ?? chunk;
        const begin = sequenceOf(chunk) === from.sequence ? from.index : null;
        for (const index of indexesOf(job.placesIn(chunk), begin, order)) {
          if (state !== null && current.stateOf(index) !== state) continue;
          const task = viewTask(current.lines ? current : chunk, index);
          if (!room.take(task)) return { items, next_cursor: `${marks[order]}${sequenceOf(chunk)}.${index}` };
          items.push(task);
        }
        sequence = sequenceOf(chunk) + (order === 'asc' ? 1 : -1);
      }
      if (chunks.length < chunksPerRead) return { items, next_cursor: null };
    }
  }
}

/** The places in a chunk in the order of a page, from the one on at which the page begins. */
function indexesOf({ from, to }: { from: number; to: number }, begin: number | null, order: PageOrder): number[] {
  const all = Array.from({ length: to - from }, (_, place) => from + place);
  if (order === 'asc') return all.filter((index) => begin === null || index >= begin);
  return all.filter((index) => begin === null || index <= begin).reverse();
}

function placeOf(cursor: string, order: PageOrder): Place {
  const [, mark, sequence, index] = /^(desc\.)?(\d{1,7})\.(\d{1,3})$/.exec(cursor) ?? [];
  if (sequence === undefined) throw cursorInvalid(cursor);
  if ((mark ?? '') !== marks[order]) throw cursorInvalid(cursor, 'CURSOR_OF_OTHER_ORDER');
  return { sequence: Number(sequence), index: Number(index) };
}

function parentsHaveTheirOrder(): ProblemError {
  const why = 'data.order: the tasks that one waits for have an order of their own. Leave out order, or parents_of.';
  return new ProblemError('VALIDATION_FAILED', why, {
    errors: [{ path: 'data.order', rule: 'VALUE', got: 'desc', allowed: 'no order beside parents_of' }],
  });
}
