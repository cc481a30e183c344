import type pg from 'pg';
import type { Recorded } from '../domain/exactness.js';
import { lanes, type Lane } from '../domain/task-payload.js';
import { packageVersion } from '../peers/package-version.js';
import type { PeerProgram } from '../peers/peer-program.js';
import type { ServerUnderTest } from '../peers/server-under-test.js';
import type { Address, Submission, SystemProcesses, SystemUnderTest } from '../system/system-under-test.js';
import { pollingIntervalMs } from './dbos-settings.js';
import { openPool } from './postgres-pool.js';
import { postgresSettings, postgresUrl, startPostgresServer } from './postgres-server.js';

/** DBOS on a PostgreSQL of its own: workflows and their steps stay in its tables. */
export class DbosSystem implements SystemUnderTest {
  readonly name = 'dbos';
  private server: ServerUnderTest | undefined;
  private control: pg.Pool | undefined;

  constructor(private readonly program: PeerProgram) {}

  get about(): { versions: string; settings: string } {
    return {
      versions: `DBOS Transact ${packageVersion('@dbos-inc/dbos-sdk')}, pg ${packageVersion('pg')}, PostgreSQL ${this.program.version}`,
      settings:
        `fsync and synchronous_commit on, ${postgresSettings.join(', ')}; a workflow of one step for each job; workerConcurrency 100, ` +
        `the queue polled every ${pollingIntervalMs} ms; finished workflows kept; everything else as it comes`,
    };
  }

  get address(): Address {
    return { url: postgresUrl(this.server?.port ?? 0) };
  }

  async start(folder: string): Promise<void> {
    this.server = await startPostgresServer(this.program, folder);
    this.control = openPool(String(this.address['url']), 2);
  }

  processes(): SystemProcesses {
    return { servers: this.server ? [{ name: 'postgres', pid: this.server.pid }] : [], services: [] };
  }

  /** Workflows of earlier runs are gone, with their steps, and the log is flushed. */
  async refresh(): Promise<void> {
    await this.control?.query('truncate dbos.workflow_status, dbos.operation_outputs cascade');
    await this.control?.query('checkpoint');
  }

  async recordedOf(lane: Lane, { accepted }: Submission): Promise<Recorded> {
    const sql =
      "select count(*) filter (where status = 'SUCCESS')::int as done, " +
      "count(*) filter (where status not in ('SUCCESS', 'ENQUEUED', 'PENDING'))::int as failed " +
      'from dbos.workflow_status where name = $1';
    const result = await this.control?.query<{ done: number; failed: number }>(sql, [lanes[lane]]);
    const { done = 0, failed = 0 } = result?.rows[0] ?? {};
    return { done, failed, unfinished: accepted - done - failed };
  }

  /** Each workflow has the outcome of its one step. */
  async faultsAfter(_lane: Lane, { accepted }: Submission): Promise<string[]> {
    const result = await this.control?.query<{ steps: number }>('select count(*)::int as steps from dbos.operation_outputs');
    const steps = result?.rows[0]?.steps ?? 0;
    return steps === accepted ? [] : [`${steps} steps of ${accepted} workflows are recorded`];
  }

  async stop(): Promise<void> {
    await this.control?.end().catch(() => undefined);
    await this.server?.stop();
  }
}
