import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endingEvents, subjects, type EventInput } from '@kintsugi/contracts';
import { Bus, callAction } from '@kintsugi/messaging';
import { resolveBinary, type ServerName } from '@kintsugi/servers';
import { startPlatform, type Platform } from '@kintsugi/supervisor';
import type { Recorded } from '../domain/exactness.js';
import { logWriter } from '../load/bare-command.js';
import { SpanSink } from '../load/span-sink.js';
import type { Lane } from '../domain/task-payload.js';
import { productVersion } from '../peers/package-version.js';
import { programVersion } from '../peers/program-version.js';
import type { Address, Submission, SystemProcesses, SystemUnderTest } from '../system/system-under-test.js';
import { recordedIn } from './recorded-tasks.js';

const askEveryMs = 250;
/** Of so many jobs each is asked about; of more, their events are counted and a sample is asked about. */
const askedJobsMax = 16;
const sampledJobs = 200;
const serverNames: ServerName[] = ['nats-server', 'mongod'];

const environmentOf = {
  plain: {},
  /** Mebibytes of a job's log that are kept. */
  commands: { LOG_MAX_SIZE_MB: '8192' },
  /** Whatever has ended is too much. */
  retention: { JOB_RETENTION_GB: '0.001' },
  /** As the docs advise where there are many jobs. */
  traced: { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.01' },
} as const;

/**
 * commands: the built-in worker runs as well, and the log of a job may be long. retention: jobs that have ended are deleted. traced: one
 * request in a hundred is traced.
 */
export type PlatformKind = keyof typeof environmentOf;

const commandRules = {
  commands: [{ name: 'log-writer', executable: process.execPath, leading_arguments: [logWriter], arguments: ['*'] }],
};

function isServer(name: string): boolean {
  return (serverNames as string[]).includes(name);
}

/** The platform as `up` starts it, looked at through its requests and events. */
export class PlatformSystem implements SystemUnderTest {
  readonly name = 'kintsugi';
  readonly about = {
    versions: `Kintsugi ${productVersion()}`,
    settings:
      'as `up` starts it: gateway, job-service, recovery-service, metrics-service, nats-server, mongod (replica set of one, journaled majority ' +
      'writes, 0.25 GB cache); worker of 100 slots; tasks and history kept',
  };
  private platform: Platform | undefined;
  private bus: Bus | undefined;
  private spans: SpanSink | undefined;
  /** How jobs have ended, as told by their events. */
  /** When jobs of which no ending was heard may be asked about again. */
  private askAgainAt = 0;
  private readonly endings = new Map<string, (typeof endingEvents)[number]>();

  constructor(private readonly kind: PlatformKind) {}

  get address(): Address {
    const { api = '', nats = '', mongo = '' } = this.platform?.urls ?? {};
    return { api, nats, mongo };
  }

  async start(): Promise<void> {
    for (const name of serverNames) {
      const { path, env } = resolveBinary(name);
      this.about.versions += `, ${name} ${(await programVersion(path, env)) ?? 'of an unknown version'}`;
    }
    this.platform = await startPlatform({
      settings: { WORKERS: 0, BUILT_IN_WORKER: this.kind === 'commands' ? 'on' : 'off' },
      environment: { ...process.env, ...environmentOf[this.kind], ...(await this.whereSpansGo()) },
    });
    if (this.kind === 'commands') writeFileSync(join(this.platform.home, 'worker.yaml'), JSON.stringify(commandRules));
    this.bus = await Bus.connect({ servers: this.platform.urls.nats, name: 'bench-observer' });
    for (const name of endingEvents) {
      this.bus.subscribe(subjects.event(name), (message) => {
        for (const { job_id } of message.json<EventInput<typeof name>>().jobs) this.endings.set(job_id, name);
      });
    }
  }

  processes(): SystemProcesses {
    const processes = (this.platform?.state().processes ?? []).flatMap(({ name, process, ops }) =>
      process ? [{ name, pid: process.pid, ...(ops === null ? {} : { opsUrl: ops }) }] : [],
    );
    return {
      servers: processes.filter(({ name }) => isServer(name)),
      services: processes.filter(({ name }) => !isServer(name)),
    };
  }

  /** Nothing: its history may grow. */
  async refresh(): Promise<void> {
    this.endings.clear();
  }

  /**
   * Few jobs are asked about once their events say that they have ended, or now and then where an event is late or lost: asked again and
   * again, they would be a part of what is measured.
   */
  async recordedOf(_lane: Lane, { receipts, accepted }: Submission): Promise<Recorded> {
    if (receipts.length > askedJobsMax) return this.countEndings(receipts, accepted);
    const isHeard = receipts.every((receipt) => this.endings.has(receipt));
    if (!isHeard && performance.now() < this.askAgainAt) return { done: 0, failed: 0, unfinished: accepted };
    this.askAgainAt = performance.now() + askEveryMs;
    const jobs = await Promise.all(receipts.map((receipt) => this.askFor(receipt)));
    return recordedIn(
      jobs.map(({ task_counts }) => task_counts),
      accepted,
    );
  }

  async faultsAfter(_lane: Lane, { receipts }: Submission): Promise<string[]> {
    const faults = new Set(receipts).size === receipts.length ? [] : ['two jobs have the same id'];
    const step = Math.max(1, Math.floor(receipts.length / sampledJobs));
    const sample = receipts.filter((_, index) => index % step === 0);
    const jobs = await Promise.all(sample.map((receipt) => this.askFor(receipt)));
    const open = jobs.filter(({ status }) => status !== 'completed');
    return [...faults, ...open.slice(0, 3).map(({ id, status }) => `${id} is ${status}`)];
  }

  async stop(): Promise<void> {
    await this.bus?.close();
    await this.platform?.stop();
    await this.spans?.close();
  }

  private async whereSpansGo(): Promise<Record<string, string>> {
    if (this.kind !== 'traced') return {};
    this.spans = await SpanSink.open();
    return { OTEL_EXPORTER_OTLP_ENDPOINT: this.spans.url };
  }

  private countEndings(receipts: string[], accepted: number): Recorded {
    const ends = receipts.map((receipt) => this.endings.get(receipt)).filter((end) => end !== undefined);
    const done = ends.filter((end) => end === 'job.completed').length;
    return { done, failed: ends.length - done, unfinished: accepted - ends.length };
  }

  private askFor(jobId: string) {
    if (!this.bus) throw new Error('The platform has not been started.');
    return callAction(this.bus, 'getJob', { job_id: jobId });
  }
}
