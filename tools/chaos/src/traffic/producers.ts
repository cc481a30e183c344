import { jobFrom } from '../domain/job-mix.js';
import type { ProducedJob } from '../domain/invariants.js';
import type { Random } from '../domain/random.js';
import { StuckError, giveUpMs, type Api } from './api.js';

const producers = 3;
const betweenJobsMs = 120;
const betweenTriesMs = 100;
const repeatedShare = 0.05;

/** Producers that hand in jobs one after the other, each until it is accepted or given up: under its key it is sent again. */
export class Producers {
  readonly jobs: ProducedJob[] = [];
  refused = 0;
  private readonly stopped = new AbortController();
  private hasGivenUp = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly api: Api,
    private readonly random: Random,
    private readonly runName: string,
  ) {}

  start(): void {
    this.running = Promise.all(Array.from({ length: producers }, (_, name) => this.produce(`${this.runName}-p${name}`)));
  }

  /** Hands in no more; resolves once each job that was begun is accepted, and rejects where that takes longer than it waits. */
  async stop(waitsMs = giveUpMs): Promise<void> {
    this.stopped.abort();
    const timer = setTimeout(() => (this.hasGivenUp = true), waitsMs);
    await this.running;
    clearTimeout(timer);
    const open = this.jobs.filter(({ jobId }) => jobId === null).length;
    if (open > 0) throw new StuckError(`${open} jobs are not accepted, ${waitsMs / 1_000} s after the last fault`);
  }

  private async produce(name: string): Promise<void> {
    for (let number = 0; !this.stopped.signal.aborted; number += 1) {
      await this.handIn(`${name}-${number}`);
      await pause(betweenJobsMs);
    }
  }

  private async handIn(key: string): Promise<void> {
    const { job, produced } = jobFrom(this.random, key);
    this.jobs.push(produced);
    const isRepeated = this.random.next() < repeatedShare;
    while (produced.jobId === null && !this.hasGivenUp) {
      produced.jobId = await this.api.jobIdFrom(this.api.createJob(job));
      if (produced.jobId !== null) break;
      this.refused += 1;
      await pause(betweenTriesMs);
    }
    if (!isRepeated) return;
    const again = await this.api.jobIdFrom(this.api.createJob(job));
    if (again !== null) produced.repeats.push(again);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
