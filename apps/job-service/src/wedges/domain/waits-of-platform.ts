import { typeOfQueue, type ResourceLimits } from '@kintsugi/contracts';
import { StuckNodes, WaitGraph, type Wait } from './wait-graph.js';
import {
  waitsForNothing,
  type FullRoom,
  type HeldPart,
  type OpenJob,
  type Shortage,
  type WaitingFacts,
} from './waiting-facts.js';

/** What a node of the graph stands for. */
export interface Waiter {
  words: string;
  /** Whose it is, and what all others are told instead; null where it is nobody's, as workers and room are. */
  owner: { tenant: string; toOthers: string } | null;
  /** The job that it is, or is a part of. */
  job: { id: string; tenant: string } | null;
  /** job: the job as a whole; lack: what nobody has, where it ends. */
  kind: 'job' | 'running' | 'held' | 'lack';
  lack: 'NO_WORKER' | 'RESOURCES' | 'PAUSED' | null;
}

const all = (on: readonly string[]): { needs: number; waits: Wait[] } => ({
  needs: on.length,
  waits: on.map((id) => ({ on: id, weight: 1 })),
});

/** Jobs that are looked at between two rests. */
const sliceSize = 1_000;

export const jobNode = (id: string): string => `job\t${id}`;

/**
 * Who waits for what in the platform. A job waits for all of: room for its tasks, its key, the jobs that it comes after, what it runs. Room
 * and keys wait for enough of the tasks that have them. What runs goes on by itself, but for one supposition that may be made: that its
 * handler waits for all jobs that it has made.
 *
 * Of all jobs that wait most hold nobody up. These are no nodes: they wait as long as one of what they wait for does.
 */
export class WaitsOfPlatform {
  private readonly graph = new WaitGraph();
  private nodes = new StuckNodes(new Map());
  private readonly tenants = new Map<string, string>();
  private readonly waiters = new Map<string, Waiter>();
  private readonly children = new Map<string, string[]>();
  private readonly byJob: ReadonlyMap<string, HeldPart[]>;
  private readonly byWorker: ReadonlyMap<string, HeldPart[]>;

  private constructor(
    held: readonly HeldPart[],
    private readonly handlersWait: boolean,
  ) {
    this.byJob = Map.groupBy(held, ({ jobId }) => jobId);
    this.byWorker = Map.groupBy(held, ({ workerId }) => workerId);
  }

  static *of(facts: WaitingFacts, handlersWait: boolean): Generator<undefined, WaitsOfPlatform> {
    const waits = new WaitsOfPlatform(facts.held, handlersWait);
    for (const room of facts.rooms) waits.addRoom(room);
    const awaited = yield* waits.takeIn(facts.jobs);
    for (const [place, job] of facts.jobs.entries()) {
      if (place % sliceSize === 0) yield;
      if (job.key !== null) waits.addKey(job.key, job.tenant);
      if (awaited.has(job.id) || waits.isHeldUp(job)) waits.addJob(job);
    }
    waits.addHeld();
    waits.nodes = yield* waits.graph.stuck();
    return waits;
  }

  /** What can never go on. Jobs that hold nobody up are not in it. */
  get stuck(): StuckNodes {
    return this.nodes;
  }

  of(node: string): Waiter | undefined {
    return this.waiters.get(node);
  }

  /** The first of what a job waits for that never goes on; null where it goes on itself. */
  nextOf(job: OpenJob): string | null {
    return this.nodes.size === 0 ? null : (this.waitsOf(job).find((node) => this.nodes.has(node)) ?? null);
  }

  /** Gives the jobs that others come after. */
  private *takeIn(jobs: readonly OpenJob[]): Generator<undefined, Set<string>> {
    const awaited = new Set<string>();
    for (const [place, { id, tenant, parent, awaits }] of jobs.entries()) {
      if (place % sliceSize === 0) yield;
      if (this.byJob.has(id)) this.tenants.set(id, tenant);
      if (parent !== null && this.byJob.has(parent)) this.noteChild(parent, id);
      for (const other of awaits) awaited.add(other);
    }
    return awaited;
  }

  private noteChild(parent: string, id: string): void {
    const others = this.children.get(parent);
    if (others) others.push(id);
    else this.children.set(parent, [id]);
  }

  /** Whether what runs may wait for it: its own tasks, or the handler that has made it. */
  private isHeldUp({ id, parent }: OpenJob): boolean {
    return this.byJob.has(id) || (parent !== null && this.byJob.has(parent));
  }

  private waitsOf({ id, isPaused, room, key, awaits }: OpenJob): string[] {
    const on: string[] = [];
    if (room !== null) on.push(room);
    if (key !== null) on.push(keyNode(key));
    if (isPaused) on.push(pauseNode(id));
    for (const other of awaits) on.push(jobNode(other));
    for (const part of this.byJob.get(id) ?? []) if (part.queued > 0) on.push(slotNode(part.workerId));
    if (this.byJob.has(id)) on.push(runningNode(id));
    return on;
  }

  private addJob(job: OpenJob): void {
    const { id, tenant, isPaused } = job;
    if (isPaused) this.addLack(pauseNode(id), `somebody who resumes ${id}`, 'PAUSED', { id, tenant });
    this.add(jobNode(id), all(this.waitsOf(job)), { words: id, job: { id, tenant }, kind: 'job' });
  }

  private addKey(key: NonNullable<OpenJob['key']>, tenant: string): void {
    const node = keyNode(key);
    if (this.graph.has(node)) return;
    const parts = key.holders.flatMap((jobId) => this.byJob.get(jobId) ?? []);
    const owner = { tenant, toOthers: 'a concurrency key of another tenant' };
    const words = `the concurrency key ${key.name}`;
    this.add(node, { needs: key.short, waits: endingOf(parts, 'tasks') }, { words, owner, kind: 'held' });
  }

  private addRoom({ id, queue, needs, workers, isOffered }: FullRoom): void {
    const type = typeOfQueue(queue);
    if (workers.length === 0) {
      const work = queue === type ? `a worker for ${type}` : `a worker that plans ${type}`;
      this.addLack(
        id,
        needs && isOffered ? `${work} with ${needsWords(needs)}` : work,
        isOffered ? 'RESOURCES' : 'NO_WORKER',
        null,
      );
      return;
    }
    const anyOf = workers.map(({ workerId, shortages }) => {
      const node = `${id}\t${workerId}`;
      const held = this.byWorker.get(workerId) ?? [];
      const each = shortages.map((shortage) => this.addShortage(workerId, shortage, held));
      this.add(node, all(each), { words: workerId, kind: 'held' });
      return { on: node, weight: 1 };
    });
    this.add(
      id,
      { needs: 1, waits: anyOf },
      { words: `room for ${queue === type ? 'tasks' : 'the plan'} of ${type}`, kind: 'held' },
    );
  }

  private addShortage(workerId: string, { of, amount }: Shortage, held: readonly HeldPart[]): string {
    const node = `worker\t${workerId}\t${of}\t${amount}`;
    if (this.graph.has(node)) return node;
    this.add(node, { needs: amount, waits: endingOf(held, of) }, { words: workerId, kind: 'held' });
    return node;
  }

  /** What a job has with workers: what runs, and what waits at one of them until something else there has ended. */
  private addHeld(): void {
    for (const [jobId, parts] of this.byJob) {
      const tenant = this.tenants.get(jobId) ?? parts[0]?.tenant ?? '';
      const made = this.handlersWait ? (this.children.get(jobId) ?? []).map(jobNode) : [];
      this.add(runningNode(jobId), all(made), { words: `what ${jobId} runs`, job: { id: jobId, tenant }, kind: 'running' });
      for (const { workerId, queued } of parts) if (queued > 0) this.addSlot(workerId);
      // One of a single task has no record of its own, and may be waited for all the same.
      if (!this.tenants.has(jobId)) this.addJob({ ...waitsForNothing, id: jobId, tenant });
    }
  }

  /** A slot of a worker that has none left for what it was sent ahead. */
  private addSlot(workerId: string): void {
    const node = slotNode(workerId);
    if (this.graph.has(node)) return;
    const held = this.byWorker.get(workerId) ?? [];
    const running = held.filter(({ running: tasks, fresh }) => tasks > 0 || fresh > 0);
    const waits = running.map(({ fresh, jobId }) => ({ on: fresh > 0 ? '' : runningNode(jobId), weight: 1 }));
    this.add(node, { needs: 1, waits }, { words: `a slot of ${workerId}`, kind: 'held' });
  }

  private addLack(node: string, words: string, lack: NonNullable<Waiter['lack']>, job: Waiter['job']): string {
    this.add(node, { needs: 1, waits: [] }, { words, kind: 'lack', lack, job });
    return node;
  }

  private add(
    node: string,
    { needs, waits }: { needs: number; waits: Wait[] },
    {
      words,
      kind,
      lack = null,
      job = null,
      owner = job && ownerOf(words, job),
    }: Pick<Waiter, 'words' | 'kind'> & Partial<Waiter>,
  ): void {
    // What is held and was not read, as it came or went meanwhile, goes on like all that is not known here.
    const known = kind === 'lack' ? needs : Math.min(needs, sumOf(waits));
    this.graph.add(node, { needs: known, waits });
    this.waiters.set(node, { words, kind, lack, job, owner });
  }
}

function needsWords({ max_memory: memory, max_cpu: cpu }: ResourceLimits): string {
  return `${memory} MiB and ${cpu} ${cpu === 1 ? 'core' : 'cores'}`;
}

function runningNode(jobId: string): string {
  return `running\t${jobId}`;
}

function pauseNode(jobId: string): string {
  return `pause\t${jobId}`;
}

function keyNode({ id, short }: NonNullable<OpenJob['key']>): string {
  return `key\t${id}\t${short}`;
}

function slotNode(workerId: string): string {
  return `slot\t${workerId}`;
}

/** What comes free as held tasks end. What has not been held for long is taken to end. */
function endingOf(parts: readonly HeldPart[], of: Shortage['of']): Wait[] {
  return parts.flatMap((part) => {
    const each = eachOf(part, of);
    return [
      { on: '', weight: part.fresh * each },
      { on: runningNode(part.jobId), weight: part.running * each },
      { on: slotNode(part.workerId), weight: part.queued * each },
    ].filter(({ weight }) => weight > 0);
  });
}

function eachOf({ needs }: HeldPart, of: Shortage['of']): number {
  if (of === 'tasks') return 1;
  return (of === 'memoryMib' ? needs?.max_memory : needs?.max_cpu) ?? 0;
}

function sumOf(waits: readonly Wait[]): number {
  return waits.reduce((sum, { weight }) => sum + weight, 0);
}

function ownerOf(words: string, { id, tenant }: NonNullable<Waiter['job']>): Waiter['owner'] {
  return { tenant, toOthers: words.replaceAll(id, 'a job of another tenant') };
}
