import { expect, test } from '@jest/globals';
import type { BatchJob, JobReceipt } from '@kintsugi/contracts';
import { startPlatform, type Platform } from '@kintsugi/supervisor';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { provideChromium } from '../../tools/setup/fetch/chromium.mjs';
import { runCommand } from '../command-line.js';
import { ConsoleBrowser, type Visit } from './console-browser.js';
import { Sink } from './sink.js';

/** Whether no browser can be had here; standard error says why. */
export const isMissing = await missingBrowser();
// eslint-disable-next-line no-restricted-syntax -- where no browser can be had, standard error says why
export const testInBrowser = isMissing ? test.skip : test;

async function missingBrowser(): Promise<boolean> {
  try {
    await provideChromium();
    return false;
  } catch (error) {
    process.stderr.write(`Chromium cannot be had here: ${(error as Error).message.split('\n')[0] ?? ''}\n`);
    return true;
  }
}

/** A platform that asks for keys, with a worker that reports to a sink, and a real browser to look at it. */
export class ConsoleUnderTest {
  private constructor(
    readonly platform: Platform,
    readonly browser: ConsoleBrowser,
    readonly sink: Sink,
    readonly folder: TemporaryFolder,
    readonly adminKey: string,
  ) {}

  static async start(): Promise<ConsoleUnderTest> {
    const sink = new Sink();
    const sinkUrl = await sink.start();
    const folder = createTemporaryFolder('console');
    let adminKey = '';
    const platform = await startPlatform({
      home: folder.path,
      settings: { AUTH: 'on', WORKERS: 1, WORKER_PROGRAM: ['tests/system/workers/sink-worker.mjs'] },
      environment: { ...process.env, NODE_OPTIONS: '', TEST_SINK_URL: sinkUrl, RETRY_WAIT_SECONDS: '1' },
      onEvent: (event) => {
        if (event.kind === 'admin_key') adminKey = event.key;
      },
    });
    return new ConsoleUnderTest(platform, await ConsoleBrowser.start(), sink, folder, adminKey);
  }

  async stop(): Promise<void> {
    await this.browser.stop();
    await this.platform.stop();
    await this.sink.stop();
    await this.folder.remove();
  }

  get url(): string {
    return this.platform.urls.api;
  }

  async ask<Answer>(method: string, path: string, body?: unknown, key = this.adminKey): Promise<Answer> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Answer;
  }

  async submit(job: Record<string, unknown>): Promise<string> {
    const data = { product_id: 'shop', sending_group_id: 'readers', ...job };
    return (await this.ask<JobReceipt>('POST', '/job-operations', { action: 'createJob', data })).job_id;
  }

  jobOf(id: string): Promise<BatchJob> {
    return this.ask<BatchJob>('GET', `/v1/jobs/${id}`);
  }

  async reached(id: string, status: string): Promise<BatchJob> {
    return eventually(async () => {
      const job = await this.jobOf(id);
      expect(job.status).toBe(status);
      return job;
    });
  }

  /** Some task of it waits to be tried again. */
  waitsForRetry(id: string): Promise<void> {
    return eventually(async () => expect((await this.jobOf(id)).task_counts).toMatchObject({ waiting_retry: 1 }));
  }

  /** Some task of it has failed with that type of error. */
  failedAs(id: string, errorType: string): Promise<void> {
    return eventually(async () => {
      const { items } = await this.ask<{ items: { error_type: string }[] }>('GET', `/v1/errors?job_id=${id}`);
      expect(items.map(({ error_type: type }) => type)).toContain(errorType);
    });
  }

  /** A key made from the command line. */
  async keyOf(id: string, role: string): Promise<string> {
    const made = await runCommand(['keys', 'create', id, '--role', role, '--json', '--home', this.folder.path]);
    return (JSON.parse(made.stdout) as { key: string }).key;
  }
}

/** Nothing was asked of another host, and nothing was thrown or refused. */
export function expectClean({ foreign, faults }: Visit): void {
  expect({ foreign, faults }).toEqual({ foreign: [], faults: [] });
}
