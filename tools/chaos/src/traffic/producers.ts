import { jobFrom } from '../domain/job-mix.js';
import type { ProducedJob } from '../domain/invariants.js';
import type { Random } from '../domain/random.js';
import { StuckError, giveUpMs, jobIdOf, type Answer, type Api } from './api.js';

const producers = 3;
const betweenJobsMs = 120;
const betweenTriesMs = 100;
const repeatedShare = 0.05;

/** Producers that hand in jobs one after the other, each until it is accepted or given up: under its key it is sent again. */
export class Producers {
  readonly jobs: ProducedJob[] = [];
  refused = 0;
  private readonly stopped = new AbortController();
  /** What was answered last to a job that is not accepted yet. */
  private readonly answers = new Map<string, string>();
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
    const open = this.jobs.flatMap(({ key, jobId }) =>
      jobId === null ? [`${key} (${this.answers.get(key) ?? 'not asked'})`] : [],
    );
    if (open.length > 0) {
      const last = `${open.length} jobs are not accepted, ${waitsMs / 1_000} s after the last fault`;
      throw new StuckError(`${last}; they, and the last answer to each: ${open.join(', ')}`);
    }
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
      const answer = await this.api.createJob(job);
      produced.jobId = jobIdOf(answer);
      if (produced.jobId !== null) break;
      this.refused += 1;
      this.answers.set(key, wordsOf(answer));
      await pause(betweenTriesMs);
    }
    if (!isRepeated) return;
    const again = jobIdOf(await this.api.createJob(job));
    if (again !== null) produced.repeats.push(again);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function wordsOf({ status, body }: Answer): string {
  if (status === 0) return 'no answer';
  const { code } = body as { code?: string };
  return code === undefined ? String(status) : `${status} ${code}`;
}
