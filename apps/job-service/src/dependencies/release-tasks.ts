import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { chunkIdOf, taskIdOf, type TaskPlace } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { untilReachable } from '@kintsugi/persistence';
import { OpenTasks } from '../dispatch/open-tasks.js';
import { TaskEngine } from '../dispatch/task-engine.js';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { Clock } from '../platform/clock.js';
import { ChunkChanges, type WrittenChange } from '../tasks/chunk-changes.js';
import { ChunkSearch } from '../tasks/chunk-search.js';
import { sequenceOf } from '../tasks/domain/chunk-sequence.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { blockAgain, giveUpTask, isHeldByOthers, releaseTask } from '../tasks/domain/dependency-moves.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import { placeAt, positionOf, type TaskGraph } from './domain/task-graph.js';
import { asWritten, readGraph, standingOf, type StandingChunk } from './read-graph.js';

/** Chunks changed in one turn. */
const groupMax = 32;
/** Chunks with waiting tasks that are kept in memory, so that what is released need not be read first. */
const keptMax = 256;
/** While fewer are kept, those of a job that is taken up are kept as they are read: a job may have thousands, whose turn comes later. */
const keptAtFirstMax = 64;

interface Kept {
  entry: LedgerEntry;
  /** Null while it is being read. */
  graph: TaskGraph | null;
  reading: Promise<void>;
  versions: Map<number, number>;
  /** What was written while it was being read. */
  heard: Map<number, StandingChunk>;
}

/**
 * Lets tasks run once those that they wait for are done, and gives them up where those will not be. What follows is decided in memory
 * from what is written, and is one change a chunk; what follows within a chunk is written with its cause. After a crash it is decided
 * again from the chunks. Jobs without dependencies have nothing here.
 */
@Injectable()
export class ReleaseTasks {
  private readonly kept = new WeakMap<LedgerEntry, Kept>();
  private readonly keptChunks = new Set<string>();
  private readonly changed = new Set<Kept>();
  private scheduled = false;

  constructor(
    private readonly search: ChunkSearch,
    private readonly ledger: JobLedger,
    private readonly engine: TaskEngine,
    private readonly live: LiveChunks,
    openTasks: OpenTasks,
    changes: ChunkChanges,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {
    live.keepWhile(({ id }) => this.keptChunks.has(id));
    engine.followWith((chunk) => this.followWithin(chunk));
    openTasks.onOpened((entry) => this.begin(entry));
    ledger.endWhen((entry) => this.isFollowed(entry));
    // What was put back while it was stopped.
    ledger.onRecovered((entry) => this.begin(entry));
    changes.observe({
      entered: (chunk) => this.noteEntered(chunk),
      written: (change) => this.noteWritten(change),
      conflicted: ({ id }) => this.keptChunks.delete(id),
    });
  }

  /** Takes up what is left of a job, at the start and when a job is opened. */
  begin(entry: LedgerEntry): void {
    if (isReadable(entry)) this.follow(this.keep(entry));
  }

  /** The same; resolves once it is decided what follows. */
  async takeUp(entry: LedgerEntry): Promise<void> {
    if (!isReadable(entry)) return;
    const kept = this.keep(entry);
    await kept.reading;
    await this.carryOn(kept);
  }

  /**
   * Whether nothing is to follow any more from how the tasks of a job stand; of one that is not known yet it is found out. What is
   * to follow is followed now: nothing else may happen to a job of which nothing runs.
   */
  private isFollowed(entry: LedgerEntry): boolean {
    if (!isReadable(entry)) return true;
    const kept = this.keep(entry);
    if (kept.graph?.isFollowed) return true;
    this.follow(kept);
    return false;
  }

  /** The graph of a job; null where its tasks wait for nothing. */
  private async graphOf(entry: LedgerEntry): Promise<TaskGraph | null> {
    if (!isReadable(entry)) return null;
    const kept = this.keep(entry);
    await kept.reading;
    return kept.graph;
  }

  /** Where the tasks are that one waits for, in the order in which they were given. */
  async parentsOf(jobId: string, place: TaskPlace): Promise<TaskPlace[]> {
    return this.ledger.hold([jobId], async () => {
      const entry = this.ledger.get(jobId);
      const graph = entry ? await this.graphOf(entry) : null;
      return (graph?.parentsAt(positionOfTask(place)) ?? []).map((position) => placeOf(jobId, position));
    });
  }

  /** The first tasks that others wait for, and that wait for none themselves. */
  async holdersOf(entry: LedgerEntry, most: number): Promise<string[]> {
    const graph = await this.graphOf(entry);
    return (graph?.holders(most) ?? []).map((position) => {
      const { chunkId, index } = placeOf(entry.job._id, position);
      return taskIdOf(chunkId, index);
    });
  }

  private keep(entry: LedgerEntry): Kept {
    const known = this.kept.get(entry);
    if (known) return known;
    const kept: Kept = { entry, graph: null, reading: Promise.resolve(), versions: new Map(), heard: new Map() };
    this.kept.set(entry, kept);
    kept.reading = this.read(kept);
    inBackground('release-tasks.read', () => kept.reading);
    return kept;
  }

  private async read(kept: Kept): Promise<void> {
    const { job } = kept.entry;
    try {
      const runsAnyway = job.on_dependency_failure === 'run';
      const { graph, versions } = await untilReachable(() =>
        this.live.reading((isCurrent) =>
          readGraph(this.search, job._id, runsAnyway, (chunk) => this.keepWhereItWaits(chunk, isCurrent)),
        ),
      );
      kept.graph = graph;
      kept.versions = versions;
      for (const [sequence, standing] of kept.heard) this.note(kept, sequence, standing);
      kept.heard.clear();
      this.follow(kept);
    } catch (error) {
      this.readAgain(kept, error);
    }
  }

  /** Keeps a chunk that was read in which all that is not over waits. Of one with ready tasks the queues know. */
  private keepWhereItWaits(chunk: Chunk, isCurrent: (id: string) => boolean): void {
    const waits = chunk.count('blocked') > 0 && chunk.count('ready') === 0;
    // Of a job that has ended meanwhile nobody would let go of it.
    if (!waits || this.keptChunks.size >= keptAtFirstMax || !this.entryOf(chunk)) return;
    if (isCurrent(chunk.id)) this.live.add(chunk);
  }

  private noteEntered(chunk: Chunk): void {
    const entry = this.entryOf(chunk);
    if (!entry) return;
    this.keepInMemory(chunk);
    const kept = this.kept.get(entry);
    if (kept && chunk.state.version > 0) this.hear(kept, chunk, standingOf(chunk));
  }

  private noteWritten({ chunk, version, state }: WrittenChange): void {
    const entry = this.entryOf(chunk);
    if (!entry) return;
    const wasKept = this.keptChunks.has(chunk.id);
    this.keepInMemory(chunk);
    // Whoever lets go of what is written was told before.
    if (wasKept && !this.keptChunks.has(chunk.id)) this.live.release(chunk);
    const known = this.kept.get(entry);
    // Whoever reads it now reads what was written.
    if (!known) this.keep(entry);
    else this.hear(known, chunk, asWritten(chunk, version, state.states));
  }

  /** Nothing leaves before that write: what waits for tasks of its own chunk alone need not wait for it first. */
  private followWithin(chunk: Chunk): void {
    if (chunk.count('blocked') === 0) return;
    const entry = this.entryOf(chunk);
    if (!entry || entry.isStopped) return;
    const freed = this.kept.get(entry)?.graph?.freedWithin(sequenceOf(chunk), (index) => chunk.stateOf(index));
    for (const index of freed ?? []) if (chunk.stateOf(index) === 'blocked') releaseTask(chunk, index);
  }

  private entryOf({ identity, isPlan }: Chunk): LedgerEntry | null {
    if (identity.jobId === null || isPlan) return null;
    const entry = this.ledger.get(identity.jobId);
    return entry && isReadable(entry) ? entry : null;
  }

  private keepInMemory(chunk: Chunk): void {
    if (chunk.count('blocked') === 0) this.keptChunks.delete(chunk.id);
    else if (this.keptChunks.size < keptMax) this.keptChunks.add(chunk.id);
  }

  private hear(kept: Kept, chunk: Chunk, standing: StandingChunk): void {
    const sequence = sequenceOf(chunk);
    if (!kept.graph) {
      kept.heard.set(sequence, standing);
      return;
    }
    // A chunk that is read to carry out what follows, and is as it was, must not have it carried out once more.
    if (this.note(kept, sequence, standing)) this.follow(kept);
  }

  /** Whether it was news. */
  private note({ graph, versions }: Kept, sequence: number, { version, read }: StandingChunk): boolean {
    if (!graph || version <= (versions.get(sequence) ?? 0)) return false;
    versions.set(sequence, version);
    graph.note(sequence, read);
    return true;
  }

  /** Once all is told that was written together: what ends together is followed together, and no turn of the loop later. */
  private follow(kept: Kept): void {
    this.changed.add(kept);
    if (this.scheduled) return;
    this.scheduled = true;
    inBackground('release-tasks', async () => {
      await Promise.resolve();
      this.scheduled = false;
      const all = [...this.changed];
      this.changed.clear();
      for (const one of all) {
        inBackground('release-tasks.apply', () => this.carryOn(one));
      }
    });
  }

  private carryOn(kept: Kept): Promise<void> {
    return this.apply(kept).catch((error: unknown) => this.readAgain(kept, error));
  }

  /** What could not be carried out is decided again with the next change of one of its chunks. */
  private readAgain({ entry }: Kept, error: unknown): void {
    this.kept.delete(entry);
    this.faults.report(error);
  }

  private async apply({ entry, graph }: Kept): Promise<void> {
    const jobId = entry.job._id;
    if (graph?.isFollowed) this.ledger.settle(jobId);
    const changed = [...(graph?.takeChanged() ?? [])].map(([sequence, indexes]) => ({ id: chunkIdOf(jobId, sequence), indexes }));
    for (let from = 0; from < changed.length; from += groupMax) {
      const group = new Map(changed.slice(from, from + groupMax).map(({ id, indexes }) => [id, indexes]));
      await untilReachable(() =>
        this.engine.withChunks([...group.keys()], (chunks) => {
          for (const chunk of chunks) this.change(entry, graph as TaskGraph, chunk, group.get(chunk.id) ?? []);
        }),
      );
    }
  }

  private change(entry: LedgerEntry, graph: TaskGraph, chunk: Chunk, indexes: readonly number[]): void {
    // What is being cancelled ends as cancelled, and nothing begins after a deadline unless a person has the job go on.
    if (entry.isStopped) return graph.putBack(sequenceOf(chunk), indexes);
    const held = indexes.filter((index) => isHeldByOthers(chunk, index));
    if (held.length === 0) return;
    this.engine.change(chunk, () => held.map((index) => this.carryOut(entry, graph, chunk, index)).some(Boolean));
  }

  /** By the verdict as it is now: it may be another than the one that was told first. */
  private carryOut({ job }: LedgerEntry, graph: TaskGraph, chunk: Chunk, index: number): boolean {
    const position = positionOf(sequenceOf(chunk), index);
    switch (graph.verdictAt(position)) {
      case 'run':
        return releaseTask(chunk, index);
      case 'wait':
        return blockAgain(chunk, index);
      case 'give_up': {
        const culprit = placeOf(job._id, graph.culpritOf(position) ?? position);
        const because = `It waits for ${taskIdOf(culprit.chunkId, culprit.index)}, which has not been done.`;
        const move = job.on_dependency_failure === 'skip' ? 'skip' : 'abandon';
        return giveUpTask(chunk, index, move, because, this.clock.now());
      }
    }
  }
}

function placeOf(jobId: string, position: number): TaskPlace {
  const { sequence, index } = placeAt(position);
  return { chunkId: chunkIdOf(jobId, sequence), index };
}

function positionOfTask({ chunkId, index }: TaskPlace): number {
  return positionOf(sequenceOf({ id: chunkId }), index);
}

/** Whether tasks of it wait for each other, and all of its chunks can be read: before it is opened, some or all are staged. */
function isReadable({ job }: LedgerEntry): boolean {
  return job.opened && job.blocked_tasks !== undefined;
}
