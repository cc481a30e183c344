import { Injectable } from '@nestjs/common';
import { ProblemError, placeOfTask, type Task, type TaskPage } from '@kintsugi/contracts';
import { ReleaseTasks } from '../../dependencies/release-tasks.js';
import { PageRoom } from '../../platform/page-room.js';
import { ChunkRecord } from '../../tasks/chunk-record.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { viewTask } from '../../tasks/domain/task-view.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import { cursorInvalid } from './cursor-invalid.js';

const uuidLength = 36;

/** The tasks that one task waits for, with their results, a page at a time; the cursor is how many came before. */
@Injectable()
export class ListParents {
  constructor(
    private readonly releaseTasks: ReleaseTasks,
    private readonly record: ChunkRecord,
    private readonly live: LiveChunks,
  ) {}

  async execute(request: { jobId: string; taskId: string; limit: number; cursor: string | undefined }): Promise<TaskPage> {
    const { jobId, taskId, limit, cursor = '0' } = request;
    if (!/^\d{1,6}$/.test(cursor)) throw cursorInvalid(cursor);
    const place = placeOfTask(taskId);
    if (place.chunkId.slice(0, uuidLength) !== jobId.slice(4, 4 + uuidLength)) {
      const error = { path: 'data.parents_of', rule: 'UNKNOWN', got: taskId, allowed: `a task of ${jobId}` };
      throw new ProblemError('VALIDATION_FAILED', `data.parents_of: ${taskId} is no task of ${jobId}.`, { errors: [error] });
    }
    const parents = (await this.releaseTasks.parentsOf(jobId, place)).slice(Number(cursor));
    const wanted = parents.slice(0, limit);
    const chunks = await this.chunksOf(wanted.map(({ chunkId }) => chunkId));
    const items: Task[] = [];
    const room = new PageRoom(limit);
    for (const { chunkId, index } of wanted) {
      const chunk = chunks.get(chunkId);
      if (!chunk) continue;
      const task = viewTask(chunk, index);
      if (!room.take(task)) break;
      items.push(task);
    }
    return { items, next_cursor: items.length < parents.length ? String(Number(cursor) + items.length) : null };
  }

  private async chunksOf(ids: readonly string[]): Promise<Map<string, Chunk>> {
    const known = new Map([...new Set(ids)].flatMap((id) => withLines(this.live.get(id))));
    const others = [...new Set(ids)].filter((id) => !known.has(id));
    for (const chunk of others.length > 0 ? await this.record.load(others) : []) known.set(chunk.id, chunk);
    return known;
  }
}

function withLines(chunk: Chunk | undefined): [string, Chunk][] {
  return chunk?.lines ? [[chunk.id, chunk]] : [];
}
