import type { Recorded } from '../domain/exactness.js';
import { lanes, type Lane } from '../domain/task-payload.js';
import { packageVersion } from '../peers/package-version.js';
import type { PeerProgram } from '../peers/peer-program.js';
import type { Address, Submission, SystemProcesses, SystemUnderTest } from '../system/system-under-test.js';
import { startRestateServer, type RestateServer } from './restate-server.js';

type Ended = Omit<Recorded, 'unfinished'>;

const nothing: Ended = { done: 0, failed: 0 };

/** Restate on one node: ended invocations stay for a day, and its own SQL tells how they ended. */
export class RestateSystem implements SystemUnderTest {
  readonly name = 'restate';
  private running: RestateServer | undefined;
  /** What had ended before this run. */
  private before = new Map<Lane, Ended>();

  constructor(private readonly program: PeerProgram) {}

  get about(): { versions: string; settings: string } {
    return {
      versions: `restate-server ${this.program.version}, @restatedev/restate-sdk ${packageVersion('@restatedev/restate-sdk')}`,
      settings:
        'one node; a service of one handler, invoked one way (`/send`); 100 invocations at once; no log of the SDK; ended invocations kept ' +
        'for a day; everything else as it comes',
    };
  }

  get address(): Address {
    return this.running?.address ?? {};
  }

  async start(folder: string): Promise<void> {
    this.running = await startRestateServer(this.program, folder);
  }

  processes(): SystemProcesses {
    return { servers: this.running ? [{ name: 'restate-server', pid: this.running.server.pid }] : [], services: [] };
  }

  /** Its history may grow, as ours does. */
  async refresh(): Promise<void> {
    for (const lane of Object.keys(lanes) as Lane[]) this.before.set(lane, await this.endedOf(lane));
  }

  async recordedOf(lane: Lane, { accepted }: Submission): Promise<Recorded> {
    const [before, now] = [this.before.get(lane) ?? nothing, await this.endedOf(lane)];
    const [done, failed] = [now.done - before.done, now.failed - before.failed];
    return { done, failed, unfinished: accepted - done - failed };
  }

  async faultsAfter(_lane: Lane, { receipts }: Submission): Promise<string[]> {
    return new Set(receipts).size === receipts.length ? [] : ['two invocations have the same id'];
  }

  async stop(): Promise<void> {
    await this.running?.server.stop();
  }

  private async endedOf(lane: Lane): Promise<Ended> {
    const response = await fetch(`${String(this.address['admin'])}/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        query:
          "select count(*) filter (where completion_result = 'success') as done, " +
          "count(*) filter (where completion_result = 'failure') as failed " +
          `from sys_invocation where status = 'completed' and target_service_name = '${lanes[lane]}'`,
      }),
    });
    if (!response.ok) throw new Error(`Restate did not answer a query: ${await response.text()}`);
    const { rows } = (await response.json()) as { rows: Ended[] };
    return rows[0] ?? nothing;
  }
}
