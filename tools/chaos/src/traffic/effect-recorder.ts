import { createWriteStream, type WriteStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordedRun } from '../domain/invariants.js';
import type { ChaosPayload } from '../domain/job-mix.js';

/** What a worker says of a run as it begins it. */
export interface RunNotice {
  task_id: string;
  job_id: string;
  run_key: string;
  attempt: number;
  pid: number;
  payload: ChaosPayload;
}

/** What the recorder has the run do. */
export interface RunOrder {
  waits_ms: number;
  fails: boolean;
}

/**
 * A receiver outside the platform. Each run of a task calls it, and it notes the call in memory and in an append-only
 * file, so that effects are counted where nobody can embellish them.
 */
export class EffectRecorder {
  readonly runs: RecordedRun[] = [];
  private readonly seen = new Set<string>();
  private readonly server: Server;
  private readonly ledger: WriteStream;

  constructor(ledgerFile: string) {
    this.ledger = createWriteStream(ledgerFile, { flags: 'a' });
    this.server = createServer((request, response) => {
      read(request).then(
        (body) => response.end(JSON.stringify(this.note(JSON.parse(body) as RunNotice))),
        () => response.destroy(),
      );
    });
    // A worker that was paused goes on by the connection that it has: were it closed meanwhile, its task would fail for that.
    this.server.keepAliveTimeout = 0;
  }

  /** Gives the address at which workers call. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await new Promise<void>((resolve) => this.ledger.end(resolve));
  }

  /** Whether a task of the job has begun to run. */
  hasRun(jobId: string): boolean {
    return this.seen.has(jobId);
  }

  private note({ task_id: taskId, job_id: jobId, run_key: runKey, attempt, pid, payload }: RunNotice): RunOrder {
    const toldToFail = payload.fails_first && attempt === 1;
    const run = { taskId, jobId, runKey, attempt, pid, at: Date.now(), toldToFail };
    this.ledger.write(`${JSON.stringify(run)}\n`);
    this.runs.push(run);
    this.seen.add(jobId);
    return { waits_ms: payload.waits_ms, fails: toldToFail };
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
