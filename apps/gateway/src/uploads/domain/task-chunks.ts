import { limits } from '@kintsugi/contracts';

/** Tasks that travel and are stored together. */
export interface ChunkOf<Line> {
  sequence: number;
  lines: readonly Line[];
}

export type TaskChunk = ChunkOf<string> | ChunkOf<Uint8Array>;

/** Gathers task lines into chunks, in the order of the lines, be they text or bytes still. */
export class TaskChunks<Line extends string | Uint8Array> {
  private lines: Line[] = [];
  private bytes = 0;
  private next = 0;

  /** The chunk that this line no longer fits into, or null. */
  add(line: Line, bytes: number): ChunkOf<Line> | null {
    const full =
      this.lines.length === limits.tasksPerChunk || (this.lines.length > 0 && this.bytes + bytes + 1 > limits.chunkBytes);
    const chunk = full ? this.close() : null;
    this.lines.push(line);
    this.bytes += bytes + 1;
    return chunk;
  }

  /** The last chunk, or null when nothing is left. */
  flush(): ChunkOf<Line> | null {
    return this.lines.length > 0 ? this.close() : null;
  }

  private close(): ChunkOf<Line> {
    const chunk = { sequence: this.next, lines: this.lines };
    this.next += 1;
    this.lines = [];
    this.bytes = 0;
    return chunk;
  }
}
