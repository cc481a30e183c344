import { bundledJobId, jsonBytes, limits, utf8Length, type Actor, type JobHead, type SafetyClass } from '@kintsugi/contracts';
import { Chunk, type BundledJob } from '../../tasks/domain/chunk.js';
import type { MadeBy } from '../../tasks/domain/made-by.js';

export interface BundlePlace<Ticket> {
  job: Omit<BundledJob, 'id'>;
  line: string;
  by: Actor;
  ticket: Ticket;
}

/** A job of one task that has a time, a key or limits of its own, or waits for others, has a record of its own, by which it is found. */
export function mayShareBundle(head: JobHead): boolean {
  const { run_at: runAt, deadline_at: deadlineAt, unique, concurrency, rate_limit: rateLimit, depends_on: dependsOn } = head;
  const { resource_limits: resources } = head;
  const isAlone = dependsOn === undefined || dependsOn.length === 0;
  return isAlone && [runAt, deadlineAt, unique, concurrency, rateLimit, resources].every((own) => own === undefined);
}

/** Jobs that may share a bundle have this in common. Those of other tenants never do: what a bundle takes of the workers is one tenant's. */
export function bundleKeyOf(type: string, data: JobHead, tenant: string): string {
  const { priority, safety, timeout_s: timeout } = data;
  const rest = timeout === undefined ? `${safety} ${type}` : `${safety} ${timeout} ${type}`;
  return `${priority} ${rest} ${tenant}`;
}

/** Single-task jobs that are accepted together and stored as one document. */
export class Bundle<Ticket> {
  readonly places: BundlePlace<Ticket>[] = [];
  private bytes = 0;

  constructor(
    readonly type: string,
    readonly priority: number,
    readonly safety: SafetyClass,
  ) {}

  get isFull(): boolean {
    return this.places.length >= limits.tasksPerChunk || this.bytes > limits.chunkBytes - limits.taskBytes;
  }

  add(place: BundlePlace<Ticket>): void {
    this.places.push(place);
    this.bytes += utf8Length(place.line) + bytesBeside(place.job);
  }

  /**
   * The chunk that the bundle becomes. Places of `taken` stay empty: their idempotency key has made a job before.
   * @param uuid a fresh UUIDv7
   */
  toChunk(uuid: string, taken: ReadonlySet<number>, acceptedAt: number): Chunk {
    const id = bundleChunkId(uuid);
    // Jobs of other time limits are in other bundles.
    const timeoutS = this.places[0]?.job.timeout_s;
    const chunk = Chunk.fresh(
      {
        id,
        jobId: null,
        queue: this.type,
        priority: this.priority,
        safety: this.safety,
        count: this.places.length,
        acceptedAt,
        retryConfig: null,
        ...(timeoutS === undefined ? {} : { timeoutS }),
        madeBy: madeBy(this.places, taken),
        jobs: this.places.map(({ job }, index) => (taken.has(index) ? null : { ...job, id: bundledJobId(id, index) })),
      },
      this.places.map(({ line }, index) => (taken.has(index) ? '{}' : line)),
    );
    for (const index of taken) chunk.move(index, 'skip');
    const made = this.places.map((_, index) => index).filter((index) => !taken.has(index));
    chunk.emit('job.created', made, acceptedAt);
    return chunk;
  }
}

/** The same few ask again and again: their places are told in runs. */
function madeBy(places: readonly Pick<BundlePlace<unknown>, 'by'>[], taken: ReadonlySet<number>): MadeBy[] {
  const runs = new Map<Actor, string[]>();
  for (let from = 0; from < places.length; from += 1) {
    const actor = places[from]?.by;
    if (!actor || taken.has(from)) continue;
    let to = from;
    while (places[to + 1]?.by === actor && !taken.has(to + 1)) to += 1;
    const own = runs.get(actor) ?? [];
    own.push(from === to ? `${from}` : `${from}-${to}`);
    runs.set(actor, own);
    from = to;
  }
  return [...runs].map(([actor, own]) => ({ actor, places: own }));
}

/** Bytes of what may be large in a job; all else of 256 jobs is little. */
function bytesBeside({ labels, retry_config: retryConfig }: Omit<BundledJob, 'id'>): number {
  return Object.keys(labels).length > 0 || retryConfig ? jsonBytes([labels, retryConfig]) : 0;
}

export function bundleChunkId(uuid: string): string {
  return `${uuid}.0`;
}
