import { every } from '@kintsugi/boundary';
import { ProblemError, serviceActor, type BatchJob, type LiveJob, type StreamTopic } from '@kintsugi/contracts';
import { ownOrigin } from '@kintsugi/messaging';
import type { Outlet } from '../../events/commands/follower.js';
import { heartbeatFrame } from '../../events/domain/event-frame.js';
import type { Backend } from '../../nats/backend.js';
import type { MeteredShares } from '../../shares/metered-shares.js';
import { JobPace } from '../domain/job-pace.js';
import type { TopicFeed } from '../nats/topic-feed.js';
import { Readings, topicsOfCallerMax, type Reading } from './readings.js';
import { TopicClient } from './topic-client.js';
import { eventTopicsOf, type TopicRequest } from './topic-request.js';

export interface StreamLimits {
  heartbeatIntervalMs: number;
  stallTimeoutMs: number;
}

const reconnectDelayMs = 1_000;
const ofAllTenants: readonly StreamTopic['kind'][] = ['fleet', 'jobs'];
const own = () => ownOrigin(serviceActor('gateway'));

/** Lets clients hear of many things over one connection: of what is now the newest, and of what happens each event. */
export class FollowTopics {
  private readonly clients = new Set<TopicClient>();
  private readonly readings = new Readings();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly backend: Backend,
    private readonly feed: TopicFeed,
    private readonly shares: MeteredShares,
    private readonly limits: StreamLimits,
  ) {
    this.heartbeat = every('follow-topics.beat', limits.heartbeatIntervalMs, () => this.beat()).unref();
  }

  /** A problem found here is thrown, and nothing has been sent then. */
  async execute(request: TopicRequest, outlet: Outlet): Promise<TopicClient> {
    await this.check(request);
    this.requireRoom(request);
    const client: TopicClient = new TopicClient(request, outlet, () => {
      this.clients.delete(client);
      this.readings.leave(client);
      this.feed.leave(client);
      place.release();
    });
    const place = this.shares.take(request.callerName, () => dismiss(client));
    this.clients.add(client);
    try {
      await this.start(client);
    } catch (error) {
      client.finish('cut');
      throw error;
    }
    return client;
  }

  /** Whether the client may hear of its topics, and each of them is there. */
  async check({ topics, origin }: Pick<TopicRequest, 'topics' | 'origin'>): Promise<void> {
    const { tenant } = origin.actor;
    const hidden = tenant === null ? undefined : topics.find(({ kind }) => ofAllTenants.includes(kind));
    if (hidden) {
      throw new ProblemError(
        'FORBIDDEN',
        `The topic ${hidden.kind} tells of all tenants; this key is bound to the tenant ${tenant}. Follow job:<id> and groups, or use a key that is bound to none.`,
      );
    }
    await Promise.all(topics.map((topic) => topic.kind === 'job' && this.backend.ask('getJob', { job_id: topic.jobId }, origin)));
  }

  private requireRoom({ topics, callerName }: TopicRequest): void {
    const wanted = topics.filter(({ kind }) => kind === 'job').length;
    if (this.readings.heldBy(callerName) + wanted <= topicsOfCallerMax) return;
    const most = `${callerName} hears of ${this.readings.heldBy(callerName)} things, and of ${topicsOfCallerMax} at most at one gateway.`;
    throw new ProblemError('OVERLOADED', `${most} End other streams, or follow the topic jobs.`, { retry_after: 1 });
  }

  /** Tells every client that it shall come back, to this gateway or another, and closes. */
  close(): void {
    clearInterval(this.heartbeat);
    for (const client of [...this.clients]) dismiss(client);
    this.feed.close();
  }

  private async start(client: TopicClient): Promise<void> {
    for (const topic of client.request.topics) {
      if (topic.kind === 'fleet') this.readings.join('fleet', client, () => this.readFleet());
      if (topic.kind === 'job') this.readings.join(`job:${topic.jobId}`, client, this.readingOf(topic.jobId));
    }
    if (eventTopicsOf(client.request).length === 0) return;
    try {
      await this.feed.join(client);
    } catch {
      throw new ProblemError('SERVICE_UNAVAILABLE', 'The stream of events cannot be reached. Try again in a moment.', {
        retry_after: 1,
      });
    }
  }

  private readingOf(jobId: string): () => Promise<Reading> {
    const pace = new JobPace();
    return async () => {
      const job: BatchJob = await this.backend.ask('getJob', { job_id: jobId }, own());
      const data = pace.note({ at: Date.now(), job });
      return { data, mark: markOf(data), isLast: data.is_over };
    };
  }

  private async readFleet(): Promise<Reading> {
    const data = await this.backend.ask('getFleet', {}, own());
    return { data, mark: JSON.stringify(data), isLast: false };
  }

  private async beat(): Promise<void> {
    const asked = [...this.clients].map(async (client) => ({ client, isAdmitted: await client.request.isStillAdmitted() }));
    const nowMs = performance.now();
    for (const { client, isAdmitted } of await Promise.all(asked)) {
      if (!isAdmitted) dismiss(client);
      else if (client.beat(heartbeatFrame, nowMs) > this.limits.stallTimeoutMs) {
        this.shares.countSlow();
        client.finish('cut');
      }
    }
  }
}

/** What goes on by itself, such as the time, is no news. */
function markOf({ as_of: _, eta, ...live }: LiveJob): string {
  return JSON.stringify({ ...live, eta: eta?.interval_s });
}

function dismiss(client: TopicClient): void {
  client.tell({ event: 'closing', data: {}, retryMs: reconnectDelayMs });
  client.finish('end');
}
