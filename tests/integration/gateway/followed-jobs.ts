import { expect } from '@jest/globals';
import { createClient, type Client, type JobEvent } from '@kintsugi/client';
import type { BatchJob, EventInput, EventName, JobStatus } from '@kintsugi/contracts';
import { EventPublisher } from '@kintsugi/messaging';
import { eventually } from '@kintsugi/testing';
import { jobId, notFound, type GatewayUnderTest } from './gateway-under-test.js';

export const unknownJobId = `${jobId.slice(0, -1)}8`;

export const bundledJobIds = [1, 2, 3].map((index) => `${jobId}.${index}`);

type FollowOptions = Parameters<Client['followJob']>[1];

/** Jobs whose events a test publishes, and clients that follow them through a gateway. */
export class FollowedJobs {
  status: JobStatus = 'running';
  private readonly publisher: EventPublisher;
  private readonly stops: (() => unknown)[] = [];
  private published = 0;

  constructor(
    private readonly under: GatewayUnderTest,
    private readonly client: Client = createClient({ baseUrl: under.url, apiKey: under.keys.viewer }),
  ) {
    this.publisher = new EventPublisher(under.bus);
    under.answer('getJob', ({ job_id }) => (job_id === unknownJobId ? notFound() : this.jobOf(job_id)));
  }

  async publish<Name extends EventName>(name: Name, data: EventInput<Name>): Promise<void> {
    this.published += 1;
    const time = new Date(this.published).toISOString();
    await this.publisher.publish({ id: `event-${this.published}`, name, source: 'test', subject: jobId, time, data });
  }

  progress(id: string, done: number, phase = 'running'): Promise<void> {
    return this.progressOfAll([id], done, phase);
  }

  progressOfAll(ids: string[], done: number, phase: string): Promise<void> {
    const detailed_status = { ...this.jobOf(jobId).detailed_status, current_phase: phase };
    return this.publish('job.progressed', {
      jobs: ids.map((job_id) => ({
        job_id,
        status: 'running',
        total_tasks: 9,
        task_counts: { succeeded: done },
        detailed_status,
      })),
    });
  }

  end(name: 'job.completed' | 'job.failed' | 'job.cancelled', ...ids: string[]): Promise<void> {
    return this.publish(name, {
      jobs: ids.map((job_id) => ({
        job_id,
        status: name === 'job.completed' ? 'completed' : name === 'job.failed' ? 'failed' : 'cancelled',
        started_at: null,
        finished_at: null,
        total_tasks: 1,
        task_counts: {},
        retries: 0,
        recovered: 0,
        first_try: 1,
        error_types: {},
        task_ms: null,
        submit_to_done_ms: null,
      })),
    });
  }

  /** Follows a job in the background. */
  follow(id = jobId, options: FollowOptions = {}) {
    const events: JobEvent[] = [];
    const abort = new AbortController();
    const done = (async () => {
      for await (const event of this.client.followJob(id, { until: 'over', signal: abort.signal, ...options })) {
        events.push(event);
      }
    })();
    done.catch(() => undefined);
    this.onStop(() => abort.abort());
    const names = () => events.map(({ event }) => event);
    return { events, names, done, until: (...expected: string[]) => eventually(() => expect(names()).toEqual(expected)) };
  }

  onStop(stop: () => unknown): void {
    this.stops.push(stop);
  }

  /** Lets all clients go; the gateway then no longer reads the stream. */
  async stop(): Promise<void> {
    await this.release();
    await eventually(async () => expect(await this.readersOfEvents()).toBe(0));
    this.status = 'running';
  }

  async release(): Promise<void> {
    for (const stop of this.stops.splice(0)) await stop();
  }

  private async readersOfEvents(): Promise<number> {
    const manager = await this.under.bus.manager();
    const readers = await manager.consumers.list('EVENTS').next();
    // The durable consumers of the services are part of the topology; one that asks for nothing is left by a broken connection.
    return readers.filter(({ config, num_waiting }) => !config.durable_name && num_waiting > 0).length;
  }

  private jobOf(id: string): BatchJob {
    return {
      id,
      type: 't',
      status: this.status,
      product_id: 'p',
      sending_group_id: 'g',
      user_id: 'u',
      tenant: 'default',
      priority: 5,
      max_parallel_tasks: null,
      retry_config: null,
      resource_limits: null,
      safety: 'idempotent',
      labels: {},
      detailed_status: { current_phase: 'running', progress_percentage: 0, active_tasks: 0, error_count: 0 },
      total_tasks: 1,
      task_counts: {},
      created_at: '2026-03-01T00:00:00.000Z',
      started_at: null,
      finished_at: null,
    };
  }
}

export function tasksDone(event: JobEvent | undefined): number | undefined {
  return event?.event === 'job.progressed' ? event.data.task_counts['succeeded'] : undefined;
}
