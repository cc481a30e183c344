import type { TaskInput } from '@kintsugi/contracts';
import type { ChunkSearch } from '../tasks/chunk-search.js';
import { sequenceOf } from '../tasks/domain/chunk-sequence.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { isHeldByOthers } from '../tasks/domain/dependency-moves.js';
import { TaskGraph, positionOf, type StandingTask } from './domain/task-graph.js';

/** Chunks that are read together, and looked at in one turn of the loop. */
const chunksPerRead = 2;

/** How the tasks of a chunk stood in one version of it. */
export interface StandingChunk {
  version: number;
  read: (index: number) => StandingTask;
}

export interface ReadGraph {
  graph: TaskGraph;
  /** The version of each chunk that it knows. */
  versions: Map<number, number>;
}

export function standingOf(chunk: Chunk): StandingChunk {
  return {
    version: chunk.state.version,
    read: (index) => ({ state: chunk.stateOf(index), isHeld: isHeldByOthers(chunk, index) }),
  };
}

/** The chunk goes on changing while it is written: of what it was, its states are kept. */
export function asWritten(chunk: Chunk, version: number, states: Uint8Array): StandingChunk {
  return {
    version,
    read: (index) => {
      const state = Chunk.stateOfCode(states[index] ?? 0) ?? 'blocked';
      return { state, isHeld: isHeldByOthers(chunk, index, state) };
    },
  };
}

/**
 * Makes the graph of a job of its tasks as they were accepted: nothing else is kept of it. `onRead` is given each chunk. While some
 * are looked at, the next are read.
 */
export async function readGraph(
  search: ChunkSearch,
  jobId: string,
  runsAnyway: boolean,
  onRead: (chunk: Chunk) => void,
): Promise<ReadGraph> {
  const standing = new Map<number, StandingTask[]>();
  const versions = new Map<number, number>();
  const byId = new Map<string, number>();
  const waiting: { position: number; parents: readonly string[] }[] = [];
  for await (const chunks of pagesOf(search, jobId)) {
    for (const chunk of chunks) {
      const sequence = sequenceOf(chunk);
      const { read, version } = standingOf(chunk);
      versions.set(sequence, version);
      standing.set(
        sequence,
        (chunk.lines ?? []).map((line, index) => {
          const { id, depends_on: parents = [] } = JSON.parse(line) as TaskInput;
          const position = positionOf(sequence, index);
          if (id !== undefined) byId.set(id, position);
          if (parents.length > 0) waiting.push({ position, parents });
          return read(index);
        }),
      );
      onRead(chunk);
    }
  }
  const edges: number[] = [];
  for (const { position, parents } of waiting) {
    for (const id of parents.length === 1 ? parents : new Set(parents)) {
      const parent = byId.get(id);
      if (parent !== undefined) edges.push(position, parent);
    }
  }
  const graph = new TaskGraph(edges, runsAnyway);
  for (const [sequence, tasks] of standing) graph.note(sequence, (index) => tasks[index] ?? { state: 'blocked', isHeld: true });
  return { graph, versions };
}

async function* pagesOf(search: ChunkSearch, jobId: string): AsyncGenerator<readonly Chunk[]> {
  const pageFrom = (from: number): Promise<Chunk[]> => search.page(jobId, from, null, chunksPerRead);
  let next: Promise<Chunk[]> | null = pageFrom(0);
  for (let from = chunksPerRead; next; from += chunksPerRead) {
    const chunks: Chunk[] = await next;
    next = chunks.length < chunksPerRead ? null : pageFrom(from);
    // Whoever stops reading does not look at it any more.
    next?.catch(() => undefined);
    yield chunks;
  }
}
