import { expect } from '@jest/globals';
import {
  finishedJobStatuses,
  type BatchJob,
  type ErrorGroup,
  type ErrorRecord,
  type JobReceipt,
  type Task,
} from '@kintsugi/contracts';
import { startPlatform, type Platform, type PlatformOptions } from '@kintsugi/supervisor';
import { eventually } from '@kintsugi/testing';
import { Sink } from './sink.js';

export interface JobGiven {
  type: string;
  tasks?: { id?: string; payload?: unknown }[];
  [field: string]: unknown;
}

const sinkWorker = 'tests/system/workers/sink-worker.mjs';

/** The whole platform as real processes, with workers that report to a sink, asked only through its HTTP door. */
export class PlatformUnderTest {
  private constructor(
    readonly platform: Platform,
    readonly sink: Sink,
  ) {}

  static async start(
    options: Omit<PlatformOptions, 'settings'> & { workers?: number; slots?: number; workerProgram?: string } = {},
  ): Promise<PlatformUnderTest> {
    const { workers = 1, slots = 50, workerProgram = sinkWorker, environment = {}, ...rest } = options;
    const sink = new Sink();
    const sinkUrl = await sink.start();
    const platform = await startPlatform({
      ...rest,
      settings: { WORKERS: workers, WORKER_PROGRAM: [workerProgram] },
      environment: {
        ...process.env,
        NODE_OPTIONS: '',
        TEST_SINK_URL: sinkUrl,
        WORKER_SLOTS: String(slots),
        RETRY_WAIT_SECONDS: '1',
        ...environment,
      },
    });
    return new PlatformUnderTest(platform, sink);
  }

  async stop(): Promise<void> {
    await this.platform.stop();
    await this.sink.stop();
  }

  async operate<Answer>(endpoint: '/job-operations' | '/error-operations', action: string, data: unknown): Promise<Answer> {
    const { status, body } = await this.request('POST', endpoint, { action, data });
    if (status >= 300) throw new Error(`${action} was answered ${status}: ${JSON.stringify(body)}`);
    return body as Answer;
  }

  async get<Answer>(path: string): Promise<Answer> {
    const { status, body } = await this.request('GET', path);
    if (status >= 300) throw new Error(`${path} was answered ${status}: ${JSON.stringify(body)}`);
    return body as Answer;
  }

  async request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const response = await fetch(new URL(path, this.platform.urls.api), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, body: await response.json() };
  }

  async createJob(job: JobGiven): Promise<JobReceipt> {
    return this.operate('/job-operations', 'createJob', { product_id: 'product', sending_group_id: 'group', ...job });
  }

  /** Submits a job as NDJSON. */
  async upload(job: JobGiven, lines: Iterable<unknown>): Promise<JobReceipt> {
    const head = { action: 'createJob', data: { product_id: 'product', sending_group_id: 'group', ...job } };
    const response = await fetch(new URL('/job-operations', this.platform.urls.api), {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: [head, ...lines].map((line) => JSON.stringify(line)).join('\n'),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as JobReceipt;
  }

  job(jobId: string): Promise<BatchJob> {
    return this.get(`/v1/jobs/${jobId}`);
  }

  /** Waits until the job has ended, and gives it. */
  async ended(jobId: string): Promise<BatchJob> {
    return this.until(jobId, (job) => expect(finishedJobStatuses).toContain(job.status));
  }

  /** Waits until the expectation of the job holds; the platform may be away meanwhile. */
  async until(jobId: string, expectation: (job: BatchJob) => void): Promise<BatchJob> {
    return eventually(async () => {
      const job = await this.job(jobId);
      expectation(job);
      return job;
    });
  }

  /** Every task of a job, page by page. */
  tasks(jobId: string): Promise<Task[]> {
    return this.all(`/v1/jobs/${jobId}/tasks?limit=200`);
  }

  /** Every job of a sending group that the history tells of, page by page. */
  jobsOf(sendingGroupId: string): Promise<BatchJob[]> {
    return this.all(`/v1/jobs?sending_group_id=${sendingGroupId}&limit=200`);
  }

  /** Every error record of a job, page by page. */
  errors(jobId: string): Promise<ErrorRecord[]> {
    return this.all(`/v1/errors?job_id=${jobId}&limit=200`);
  }

  private async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: Item[]; next_cursor: string | null } = await this.get(`${path}${cursor && `&cursor=${cursor}`}`);
      items.push(...page.items);
      cursor = page.next_cursor;
    }
    return items;
  }

  async groups(jobId: string): Promise<ErrorGroup[]> {
    return (await this.get<{ items: ErrorGroup[] }>(`/v1/error-groups?job_id=${jobId}`)).items;
  }
}

/** Tasks with a number each. */
export function numberedTasks(count: number): { id: string; payload: { number: number } }[] {
  return Array.from({ length: count }, (_, number) => ({ id: `task-${number}`, payload: { number } }));
}
