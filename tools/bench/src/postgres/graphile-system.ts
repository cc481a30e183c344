import { makeWorkerUtils, Logger } from 'graphile-worker';
import type pg from 'pg';
import type { Recorded } from '../domain/exactness.js';
import { lanes, type Lane } from '../domain/task-payload.js';
import { packageVersion } from '../peers/package-version.js';
import type { PeerProgram } from '../peers/peer-program.js';
import type { ServerUnderTest } from '../peers/server-under-test.js';
import type { Address, Submission, SystemProcesses, SystemUnderTest } from '../system/system-under-test.js';
import { openPool } from './postgres-pool.js';
import { postgresSettings, postgresUrl, startPostgresServer } from './postgres-server.js';

/** graphile-worker on a PostgreSQL of its own. It deletes a job when it is done, so it keeps no history. */
export class GraphileSystem implements SystemUnderTest {
  readonly name = 'graphile-worker';
  private server: ServerUnderTest | undefined;
  private control: pg.Pool | undefined;

  constructor(private readonly program: PeerProgram) {}

  get about(): { versions: string; settings: string } {
    return {
      versions: `graphile-worker ${packageVersion('graphile-worker')}, pg ${packageVersion('pg')}, PostgreSQL ${this.program.version}`,
      settings:
        `fsync and synchronous_commit on, ${postgresSettings.join(', ')}; addJobs in batches of 5,000; localQueue 500, ` +
        'completeJobBatchDelay 0, failJobBatchDelay 0, concurrentJobs 100; jobs are deleted when done, no history is kept',
    };
  }

  get address(): Address {
    return { url: postgresUrl(this.server?.port ?? 0) };
  }

  async start(folder: string): Promise<void> {
    this.server = await startPostgresServer(this.program, folder);
    this.control = openPool(String(this.address['url']), 2);
    const schema = await makeWorkerUtils({ pgPool: this.control, logger: new Logger(() => () => undefined) });
    await schema.migrate();
    await schema.release();
  }

  processes(): SystemProcesses {
    return { servers: this.server ? [{ name: 'postgres', pid: this.server.pid }] : [], services: [] };
  }

  /** Rows of earlier runs are gone from the table and from the log that is to be flushed. */
  async refresh(): Promise<void> {
    await this.control?.query('vacuum graphile_worker._private_jobs');
    await this.control?.query('checkpoint');
  }

  /** What is not in the table any more is done; a job that failed stays. */
  async recordedOf(lane: Lane, { accepted }: Submission): Promise<Recorded> {
    const sql =
      'select count(*)::int as left, count(*) filter (where last_error is not null)::int as failed ' +
      'from graphile_worker.jobs where task_identifier = $1';
    const result = await this.control?.query<{ left: number; failed: number }>(sql, [lanes[lane]]);
    const { left = accepted, failed = 0 } = result?.rows[0] ?? {};
    return { done: accepted - left, failed, unfinished: left - failed };
  }

  async faultsAfter(): Promise<string[]> {
    return [];
  }

  async stop(): Promise<void> {
    await this.control?.end().catch(() => undefined);
    await this.server?.stop();
  }
}
