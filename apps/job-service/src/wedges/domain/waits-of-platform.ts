import { typeOfQueue, type ResourceLimits } from '@kintsugi/contracts';
import { WaitGraph, type Wait } from './wait-graph.js';
import type { FullRoom, HeldPart, OpenJob, Shortage, WaitingFacts } from './waiting-facts.js';

/** What a node of the graph stands for. */
export interface Waiter {
  words: string;
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

export const jobNode = (id: string): string => `job\t${id}`;

/**
 * Who waits for what in the platform. A job waits for all of: room for its tasks, its key, the jobs that it comes after, what it runs. Room
 * and keys wait for enough of the tasks that have them. What runs goes on by itself, but for one supposition that may be made: that its
 * handler waits for all jobs that it has made.
 */
export class WaitsOfPlatform {
  readonly graph = new WaitGraph();
  private readonly waiters = new Map<string, Waiter>();
  private readonly children = new Map<string, string[]>();
  private readonly byJob = new Map<string, HeldPart[]>();
  private readonly byWorker = new Map<string, HeldPart[]>();

  constructor(
    facts: WaitingFacts,
    private readonly handlersWait: boolean,
  ) {
    for (const { id, parent } of facts.jobs) if (parent !== null) push(this.children, parent, id);
    for (const part of facts.held) {
      push(this.byJob, part.jobId, part);
      push(this.byWorker, part.workerId, part);
    }
    for (const room of facts.rooms) this.addRoom(room);
    for (const job of facts.jobs) this.addJob(job);
    const known = new Set(facts.jobs.map(({ id }) => id));
    for (const [jobId, [part]] of this.byJob) {
      this.addHeld(jobId, part?.tenant ?? '');
      // One of a single task has no record of its own, and may be waited for all the same.
      if (!known.has(jobId)) this.addJob({ ...unrecorded, id: jobId, tenant: part?.tenant ?? '' });
    }
  }

  of(node: string): Waiter | undefined {
    return this.waiters.get(node);
  }

  private addJob({ id, tenant, isPaused, room, key, awaits }: OpenJob): void {
    const on = awaits.map(jobNode);
    if (isPaused) on.unshift(this.addLack(`pause\t${id}`, `somebody who resumes ${id}`, 'PAUSED', { id, tenant }));
    if (key !== null) on.unshift(this.addKey(key));
    if (room !== null) on.unshift(room);
    for (const part of this.byJob.get(id) ?? []) if (part.queued > 0) on.push(slotNode(part.workerId));
    if (this.byJob.has(id)) on.push(runningNode(id));
    this.add(jobNode(id), all(on), { words: id, job: { id, tenant }, kind: 'job' });
  }

  private addKey({ id, name, short, holders }: NonNullable<OpenJob['key']>): string {
    const node = `key\t${id}\t${short}`;
    if (this.graph.has(node)) return node;
    const parts = holders.flatMap((jobId) => this.byJob.get(jobId) ?? []);
    this.add(node, { needs: short, waits: endingOf(parts, 'tasks') }, { words: `the concurrency key ${name}`, kind: 'held' });
    return node;
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
  private addHeld(jobId: string, tenant: string): void {
    const job = { id: jobId, tenant };
    const made = this.handlersWait ? (this.children.get(jobId) ?? []).map(jobNode) : [];
    this.add(runningNode(jobId), all(made), { words: `what ${jobId} runs`, job, kind: 'running' });
    for (const { workerId, queued } of this.byJob.get(jobId) ?? []) if (queued > 0) this.addSlot(workerId);
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
    waits: { needs: number; waits: Wait[] },
    { words, kind, lack = null, job = null }: Pick<Waiter, 'words' | 'kind'> & Partial<Waiter>,
  ): void {
    this.graph.add(node, waits);
    this.waiters.set(node, { words, kind, lack, job });
  }
}

const unrecorded = { isPaused: false, room: null, key: null, awaits: [], parent: null };

export function needsWords({ max_memory: memory, max_cpu: cpu }: ResourceLimits): string {
  return `${memory} MiB and ${cpu} ${cpu === 1 ? 'core' : 'cores'}`;
}

function runningNode(jobId: string): string {
  return `running\t${jobId}`;
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

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
