import { limits } from '@kintsugi/contracts';

/** Tasks that travel and are stored together. */
export interface TaskChunk<Tasks = string | readonly Uint8Array[]> {
  sequence: number;
  /** Their lines: joined by line feeds, or one by one where they are bytes still. */
  tasks: Tasks;
  count: number;
}

/** Gathers task lines into chunks, in the order of the lines. */
export class TaskChunks {
  private lines: string[] = [];
  private bytes = 0;
  private next = 0;

  /** The chunk that this line no longer fits into, or null. */
  add(line: string, bytes: number): TaskChunk<string> | null {
    const full =
      this.lines.length === limits.tasksPerChunk || (this.lines.length > 0 && this.bytes + bytes + 1 > limits.chunkBytes);
    const chunk = full ? this.close() : null;
    this.lines.push(line);
    this.bytes += bytes + 1;
    return chunk;
  }

  /** The last chunk, or null when nothing is left. */
  flush(): TaskChunk<string> | null {
    return this.lines.length > 0 ? this.close() : null;
  }

  private close(): TaskChunk<string> {
    const chunk = { sequence: this.next, tasks: this.lines.join('\n'), count: this.lines.length };
    this.next += 1;
    this.lines = [];
    this.bytes = 0;
    return chunk;
  }
}
