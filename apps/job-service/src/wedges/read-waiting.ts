import { Injectable } from '@nestjs/common';
import { DEFAULT_TENANT, isFinished, planQueueOf, type ResourceLimits, type SafetyClass } from '@kintsugi/contracts';
import { Turns } from '@kintsugi/hosting';
import { ReleaseJobs } from '../dependencies/release-jobs.js';
import { KeyLimits } from '../dispatch/key-limits.js';
import { ReadyQueues } from '../dispatch/ready-queues.js';
import { jobOfAwait } from '../jobs/domain/awaits-of-job.js';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { concurrencyKeyOf } from '../jobs/domain/limit-keys.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { JobWaits, type DependentJob } from '../jobs/job-waits.js';
import { ChunkRecord } from '../tasks/chunk-record.js';
import { ChunkSearch } from '../tasks/chunk-search.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { FullRooms, roomIdOf } from './full-rooms.js';
import { HeldParts } from './held-parts.js';
import { waitsForNothing, type FullRoom, type OpenJob, type WaitingFacts } from './domain/waiting-facts.js';
import { WaitsOfPlatform } from './domain/waits-of-platform.js';

/** What one look takes in at most: types of which tasks wait, jobs of bundles of one type, and jobs that come after others. */
const queuesMax = 200;
const bundledMax = 100;
const dependentsMax = 1_000;
/** Bundles of a type that are read where none is in memory, as after a start. */
const bundlesRead = 4;
/** Jobs that are looked at between two rests. */
const sliceSize = 500;

export interface Look {
  facts: WaitingFacts;
  /** What waits for what if handlers wait for the jobs that they have made, where that had to be found already. */
  supposed: WaitsOfPlatform | null;
}

/**
 * Reads what may hold jobs up: most of it is in memory, the rest is asked for by index, and only of what others wait for. It takes as many
 * turns as there are jobs, so not all of it is of one moment.
 */
@Injectable()
export class ReadWaiting {
  constructor(
    private readonly ledger: JobLedger,
    private readonly limits: KeyLimits,
    private readonly queues: ReadyQueues,
    private readonly search: ChunkSearch,
    private readonly record: ChunkRecord,
    private readonly waits: JobWaits,
    private readonly releaseJobs: ReleaseJobs,
    private readonly fullRooms: FullRooms,
    private readonly heldParts: HeldParts,
    private readonly turns: Turns,
  ) {}

  async execute(): Promise<Look> {
    const held = this.heldParts.read();
    const rooms = new RoomsOfLook(this.fullRooms);
    const heldBack: string[] = [];
    const jobs = await this.turns.run(this.openJobs(rooms, new Set(held.map(({ jobId }) => jobId)), heldBack));
    jobs.push(...(await this.bundledJobs(rooms, heldBack)));
    const facts = { jobs, rooms: rooms.full, held };
    const supposed = await this.turns.run(WaitsOfPlatform.of(facts, true));
    const found = await this.dependents(await this.turns.run(this.holdingUp(facts, supposed)), jobs);
    jobs.push(...found);
    return { facts, supposed: found.length === 0 ? supposed : null };
  }

  /** The jobs that may wait for something, and into a list of their own those that are given to no worker now. */
  private *openJobs(rooms: RoomsOfLook, heldJobs: ReadonlySet<string>, heldBack: string[]): Generator<undefined, OpenJob[]> {
    const jobs: OpenJob[] = [];
    const holders = this.holdersByKey(heldJobs);
    let seen = 0;
    for (const entry of this.ledger.all) {
      if ((seen += 1) % sliceSize === 0) yield;
      if (entry.isHeldBack) heldBack.push(entry.job._id);
      const job = this.openJob(entry, rooms, heldJobs, holders);
      if (job !== null) jobs.push(job);
    }
    return jobs;
  }

  /** null where it has ended, or waits for nothing and runs nothing: it goes on, as all that is not known does. */
  private openJob(
    entry: LedgerEntry,
    rooms: RoomsOfLook,
    heldJobs: ReadonlySet<string>,
    holders: ReadonlyMap<string, string[]>,
  ): OpenJob | null {
    const { _id: id, tenant, status, awaits = [], parent_job_id: parent = null } = entry.job;
    if (isFinished(status) || status === 'deleting') return null;
    const waits = !entry.isHeldBack && this.waitsForWorkers(entry, heldJobs);
    const room = waits ? this.roomOf(entry, rooms) : null;
    const key = waits ? this.keyOf(entry, holders) : null;
    const isPaused = status === 'paused';
    const isInTheWay = isPaused && (this.releaseJobs.isAwaited(id) || (parent !== null && heldJobs.has(parent)));
    if (room === null && key === null && awaits.length === 0 && !isInTheWay && !heldJobs.has(id)) return null;
    return { id, tenant, parent, isPaused, awaits: awaits.map(jobOfAwait), room, key };
  }

  private waitsForWorkers(entry: LedgerEntry, heldJobs: ReadonlySet<string>): boolean {
    const { job, counts, planning } = entry;
    if (job.total_tasks === null) return planning === 'open' && !heldJobs.has(job._id);
    return (counts.ready ?? 0) > 0;
  }

  private roomOf({ job }: LedgerEntry, rooms: RoomsOfLook): string | null {
    if (job.total_tasks === null) return rooms.of(planQueueOf(job.type), null, job.safety);
    // What begins at a rate is not sent ahead, as what is unsafe.
    return rooms.of(job.type, job.resource_limits ?? null, job.rate_limit ? 'unsafe' : job.safety);
  }

  private keyOf({ job }: LedgerEntry, holders: ReadonlyMap<string, string[]>): OpenJob['key'] {
    const id = concurrencyKeyOf(job);
    const short = this.limits.shortUnder(job);
    if (id === null || short === 0) return null;
    return { id, name: job.concurrency?.key ?? '', short, holders: holders.get(id) ?? [] };
  }

  private holdersByKey(heldJobs: ReadonlySet<string>): Map<string, string[]> {
    const holders = new Map<string, string[]>();
    for (const jobId of heldJobs) {
      const entry = this.ledger.get(jobId);
      const key = entry && concurrencyKeyOf(entry.job);
      if (!key) continue;
      const known = holders.get(key);
      if (known) known.push(jobId);
      else holders.set(key, [jobId]);
    }
    return holders;
  }

  /** Jobs of one task have no record: some of each type of which tasks wait and find no room. */
  private async bundledJobs(rooms: RoomsOfLook, heldBack: readonly string[]): Promise<OpenJob[]> {
    const waiting = await this.search.oldestReady(heldBack);
    const jobs: OpenJob[] = [];
    for (const { queue } of waiting.slice(0, queuesMax)) {
      const room = rooms.of(queue, null, 'idempotent');
      if (room === null) continue;
      const known = this.queues.known(queue)?.window.contents ?? [];
      const chunks = known.length > 0 ? known : await this.record.ready(queue, [], heldBack, bundlesRead);
      jobs.push(...chunks.flatMap((chunk) => readyJobsOf(chunk, room)).slice(0, bundledMax));
    }
    return jobs;
  }

  /** The jobs that others come after and that may hold these up: those that are held up themselves, and what runs for long. */
  private *holdingUp({ jobs, held }: WaitingFacts, supposed: WaitsOfPlatform): Generator<undefined, Set<string>> {
    const holding = new Set<string>();
    for (const [place, job] of jobs.entries()) {
      if (place % sliceSize === 0) yield;
      if (this.releaseJobs.isAwaited(job.id) && (job.isPaused || supposed.nextOf(job) !== null)) holding.add(job.id);
    }
    for (const { jobId, running } of held) if (running > 0 && this.releaseJobs.isAwaited(jobId)) holding.add(jobId);
    return holding;
  }

  /** What comes after these, and what comes after that. */
  private async dependents(holding: ReadonlySet<string>, known: readonly OpenJob[]): Promise<OpenJob[]> {
    const found: OpenJob[] = [];
    if (holding.size === 0) return found;
    const seen = new Set(known.map(({ id }) => id));
    let awaited = [...holding];
    while (awaited.length > 0 && found.length < dependentsMax) {
      const waiting = await this.waits.waitingFor(awaited.slice(0, dependentsMax), dependentsMax);
      const jobs = waiting.filter(({ _id }) => !seen.has(_id));
      for (const { _id } of jobs) seen.add(_id);
      found.push(...jobs.map(dependentOf));
      awaited = jobs.map(({ _id }) => _id).filter((id) => this.releaseJobs.isAwaited(id));
    }
    return found;
  }
}

/** The rooms that were asked about in one look, each once. */
class RoomsOfLook {
  private readonly known = new Map<string, FullRoom | null>();

  constructor(private readonly rooms: FullRooms) {}

  get full(): FullRoom[] {
    return [...this.known.values()].filter((room) => room !== null);
  }

  /** null where there is room. */
  of(queue: string, needs: ResourceLimits | null, safety: SafetyClass): string | null {
    const id = roomIdOf(queue, needs, safety);
    let room = this.known.get(id);
    if (room === undefined) this.known.set(id, (room = this.rooms.of(queue, needs, safety)));
    return room?.id ?? null;
  }
}

function readyJobsOf(chunk: Chunk, room: string): OpenJob[] {
  if (chunk.identity.jobId !== null) return [];
  return chunk.indexesIn('ready').map((index) => {
    const tenant = chunk.identity.jobs?.[index]?.tenant ?? DEFAULT_TENANT;
    return { ...waitsForNothing, id: chunk.jobIdOf(index), tenant, room };
  });
}

function dependentOf({ _id: id, tenant, status, awaits, parent_job_id: parent }: DependentJob): OpenJob {
  const isPaused = status === 'paused';
  return { ...waitsForNothing, id, tenant, parent: parent ?? null, isPaused, awaits: awaits.map(jobOfAwait) };
}
