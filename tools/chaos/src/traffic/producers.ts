import { jobFrom } from '../domain/job-mix.js';
import type { ProducedJob } from '../domain/invariants.js';
import type { Random } from '../domain/random.js';
import type { Api } from './api.js';

const producers = 3;
const betweenJobsMs = 120;
const betweenTriesMs = 100;
const repeatedShare = 0.05;

/** Producers that hand in jobs one after the other, each until it is accepted: under its key it is sent again. */
export class Producers {
  readonly jobs: ProducedJob[] = [];
  refused = 0;
  private readonly stopped = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly api: Api,
    private readonly random: Random,
    private readonly runName: string,
  ) {}

  start(): void {
    this.running = Promise.all(Array.from({ length: producers }, (_, name) => this.produce(`${this.runName}-p${name}`)));
  }

  /** Hands in no more; resolves once each job that was begun is accepted. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.running;
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
    while (produced.jobId === null) {
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
