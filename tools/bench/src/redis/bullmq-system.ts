import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Recorded } from '../domain/exactness.js';
import { lanes, type Lane } from '../domain/task-payload.js';
import type { PeerProgram } from '../peers/peer-program.js';
import { packageVersion } from '../peers/package-version.js';
import type { ServerUnderTest } from '../peers/server-under-test.js';
import type { Address, Submission, SystemProcesses, SystemUnderTest } from '../system/system-under-test.js';
import { bullmqLanes } from './bullmq-lanes.js';
import { connectionOf } from './redis-connection.js';
import { startRedisServer } from './redis-server.js';

const syncOf = { bullmq: 'everysec', 'bullmq-always': 'always' } as const;

/** BullMQ on a redis-server of its own, which syncs its log to disk every second or before each answer. */
export class BullmqSystem implements SystemUnderTest {
  private server: ServerUnderTest | undefined;
  private control: Redis | undefined;
  private queues: Queue[] = [];

  constructor(
    readonly name: keyof typeof syncOf,
    private readonly program: PeerProgram,
  ) {}

  get about(): { versions: string; settings: string } {
    return {
      versions: `BullMQ ${packageVersion('bullmq')}, ioredis ${packageVersion('ioredis')}, redis-server ${this.program.version}`,
      settings:
        `appendonly yes, appendfsync ${syncOf[this.name]}, no snapshots; addBulk in batches of 2,000, two at a time; worker concurrency 100; ` +
        'finished jobs kept (removeOnComplete false); everything else as it comes',
    };
  }

  get address(): Address {
    return { host: '127.0.0.1', port: this.server?.port ?? 0 };
  }

  async start(folder: string): Promise<void> {
    this.server = await startRedisServer(this.program, folder, syncOf[this.name]);
    this.control = new Redis({ ...connectionOf(this.address), lazyConnect: true });
    this.control.on('error', () => undefined);
    await this.control.connect();
    this.queues = bullmqLanes.map((lane) => new Queue(lanes[lane], { connection: connectionOf(this.address) }));
    for (const queue of this.queues) queue.on('error', () => undefined);
    await Promise.all(this.queues.map((queue) => queue.waitUntilReady()));
  }

  processes(): SystemProcesses {
    return { servers: this.server ? [{ name: 'redis-server', pid: this.server.pid }] : [], services: [] };
  }

  /** An empty Redis with a short log, as after a fresh start: a peer's history of earlier runs must not slow it. */
  async refresh(): Promise<void> {
    await this.control?.flushall();
    await this.control?.bgrewriteaof();
    while (/aof_rewrite_in_progress:1|aof_rewrite_scheduled:1/.test((await this.control?.info('persistence')) ?? '')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async recordedOf(lane: Lane, { accepted }: Submission): Promise<Recorded> {
    const queue = this.queues.find(({ name }) => name === lanes[lane]);
    const counts = (await queue?.getJobCounts('completed', 'failed')) ?? {};
    const [done, failed] = [counts['completed'] ?? 0, counts['failed'] ?? 0];
    return { done, failed, unfinished: accepted - done - failed };
  }

  async faultsAfter(lane: Lane): Promise<string[]> {
    const queue = this.queues.find(({ name }) => name === lanes[lane]);
    const left = Object.entries((await queue?.getJobCounts('wait', 'active', 'delayed', 'prioritized')) ?? {});
    return left.filter(([, count]) => count > 0).map(([state, count]) => `${count} jobs are still ${state}`);
  }

  async stop(): Promise<void> {
    await Promise.all(this.queues.map((queue) => queue.close().catch(() => undefined)));
    this.control?.disconnect();
    await this.server?.stop();
  }
}
