import type { BatchJob, CreateJobInput, JobReceipt } from '@kintsugi/contracts';

const requestTimeoutMs = 10_000;
/** Longer than any healing takes: a platform that does not answer for so long is stuck. */
export const giveUpMs = 180_000;

export interface Answer {
  /** 0 where none came. */
  status: number;
  body: unknown;
}

/** The platform does not come back by itself. */
export class StuckError extends Error {}

/** The platform's HTTP door as a producer sees it: an answer, or none. Nothing is retried here. */
export class Api {
  constructor(private readonly url: string) {}

  createJob(job: CreateJobInput): Promise<Answer> {
    return this.request('POST', '/job-operations', { action: 'createJob', data: job });
  }

  /** The job; null where there is none. Asks again while the platform is away, and rejects once it is taken to be stuck. */
  async job(jobId: string): Promise<BatchJob | null> {
    for (const deadline = performance.now() + giveUpMs; performance.now() < deadline;) {
      const { status, body } = await this.request('GET', `/v1/jobs/${jobId}`);
      if (status === 200) return body as BatchJob;
      if (status === 404) return null;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new StuckError(`${jobId} cannot be read for ${giveUpMs / 1_000} s`);
  }

  /** The jobs of this run as the history lists them, by id. */
  async history(): Promise<Map<string, BatchJob>> {
    const jobs = new Map<string, BatchJob>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const { status, body } = await this.request('GET', `/v1/jobs?limit=100${cursor && `&cursor=${cursor}`}`);
      if (status !== 200) throw new Error(`The list of jobs was answered ${status}.`);
      const page = body as { items: BatchJob[]; next_cursor: string | null };
      for (const job of page.items) jobs.set(job.id, job);
      cursor = page.next_cursor;
    }
    return jobs;
  }

  private async request(method: string, path: string, body?: unknown): Promise<Answer> {
    try {
      const response = await fetch(new URL(path, this.url), {
        method,
        signal: AbortSignal.timeout(requestTimeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      return { status: response.status, body: await response.json() };
    } catch {
      return { status: 0, body: null };
    }
  }
}

/** The job that was accepted; null where none was. */
export function jobIdOf({ status, body }: Answer): string | null {
  return status === 201 || status === 200 ? (body as JobReceipt).job_id : null;
}
