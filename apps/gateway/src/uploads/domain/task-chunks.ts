import { limits, type TaskInput } from '@kintsugi/contracts';

/**
 * A chunk of so many ends where a new layer of tasks that wait for each other begins, so that tasks which become ready together mostly
 * are in one chunk: each chunk is a write, and what follows within one needs no other.
 */
const layersMin = limits.tasksPerChunk / 2;

/** Tasks that travel and are stored together. */
export interface ChunkOf<Line> {
  sequence: number;
  lines: readonly Line[];
}

export type TaskChunk = ChunkOf<string> | ChunkOf<Uint8Array>;

/** Gathers task lines into chunks, in the order of the lines, be they text or bytes still. */
export class TaskChunks<Line extends string | Uint8Array> {
  private lines: Line[] = [];
  /** Of the tasks with an id, how many in the chunk come before it, one after the other. */
  private readonly depths = new Map<string, number>();
  private deepest = 0;
  private bytes = 0;
  private next = 0;

  /** The chunk that this line no longer fits into, or null. */
  add(
    line: Line,
    bytes: number,
    { id, depends_on: parents = [] }: Pick<TaskInput, 'id' | 'depends_on'> = {},
  ): ChunkOf<Line> | null {
    const isFull =
      this.lines.length === limits.tasksPerChunk || (this.lines.length > 0 && this.bytes + bytes + 1 > limits.chunkBytes);
    const beginsLayer = this.lines.length >= layersMin && this.depthBehind(parents) > this.deepest;
    const chunk = isFull || beginsLayer ? this.close() : null;
    this.lines.push(line);
    this.bytes += bytes + 1;
    const depth = this.depthBehind(parents);
    this.deepest = Math.max(this.deepest, depth);
    if (id !== undefined) this.depths.set(id, depth);
    return chunk;
  }

  private depthBehind(parents: readonly string[]): number {
    return parents.reduce((depth, parent) => Math.max(depth, (this.depths.get(parent) ?? -1) + 1), 0);
  }

  /** The last chunk, or null when nothing is left. */
  flush(): ChunkOf<Line> | null {
    return this.lines.length > 0 ? this.close() : null;
  }

  private close(): ChunkOf<Line> {
    const chunk = { sequence: this.next, lines: this.lines };
    this.next += 1;
    this.lines = [];
    this.depths.clear();
    this.deepest = 0;
    this.bytes = 0;
    return chunk;
  }
}
