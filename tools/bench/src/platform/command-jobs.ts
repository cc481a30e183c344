import { setTimeout as delay } from 'node:timers/promises';
import { endingEvents, subjects, type EventInput } from '@kintsugi/contracts';
import { Bus, callAction } from '@kintsugi/messaging';
import { monotonicMs } from '../load/monotonic-clock.js';

interface End {
  event: (typeof endingEvents)[number];
  atMs: number;
}

const endTimeoutMs = 180_000;
const pollMs = 20;

/** Runs commands as jobs, and is told of their ends by their events. */
export class CommandJobs {
  private readonly ends = new Map<string, End>();
  private readonly waiting = new Map<string, (end: End) => void>();

  private constructor(private readonly bus: Bus) {
    for (const event of endingEvents) {
      bus.subscribe(subjects.event(event), (message) => {
        const atMs = monotonicMs();
        for (const { job_id } of message.json<EventInput<typeof event>>().jobs) this.note(job_id, { event, atMs });
      });
    }
  }

  static async connect(natsUrl: string): Promise<CommandJobs> {
    const jobs = new CommandJobs(await Bus.connect({ servers: natsUrl, name: 'bench-commands' }));
    await jobs.bus.flush();
    return jobs;
  }

  /** Starts a job with one task for each command. */
  async start(commands: readonly (readonly string[])[]): Promise<string> {
    const tasks = commands.map((argv) => ({ payload: { argv: [...argv] } }));
    const head = { product_id: 'bench', sending_group_id: 'commands', user_id: 'bench', type: 'execute_cli' };
    return (await callAction(this.bus, 'createJob', { ...head, tasks })).job_id;
  }

  /** How long a job of one task took, from its submission to its end. */
  async run(argv: readonly string[]): Promise<{ tookMs: number }> {
    const startedAtMs = monotonicMs();
    const jobId = await this.start([argv]);
    const { event, atMs } = await this.end(jobId);
    if (event !== 'job.completed') throw new Error(`${argv.join(' ')} ended with ${event}.`);
    return { tookMs: atMs - startedAtMs };
  }

  async end(jobId: string): Promise<End> {
    const known = this.ends.get(jobId);
    if (known) return known;
    const expired = new AbortController();
    try {
      return await Promise.race([
        new Promise<End>((resolve) => this.waiting.set(jobId, resolve)),
        delay(endTimeoutMs, undefined, { signal: expired.signal }).then(() => {
          throw new Error(`${jobId} did not end within ${endTimeoutMs} ms.`);
        }),
      ]);
    } finally {
      expired.abort();
      this.waiting.delete(jobId);
    }
  }

  async cancel(jobId: string): Promise<void> {
    await callAction(this.bus, 'cancelJob', { job_id: jobId });
    await this.end(jobId);
    while ((await callAction(this.bus, 'getJob', { job_id: jobId })).task_counts['running']) await delay(pollMs);
  }

  close(): Promise<void> {
    return this.bus.close();
  }

  private note(jobId: string, end: End): void {
    this.ends.set(jobId, end);
    this.waiting.get(jobId)?.(end);
  }
}
