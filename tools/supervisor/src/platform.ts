import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { withoutSecrets } from '@kintsugi/contracts';
import type { MigratedSchema } from '@kintsugi/persistence';
import { longestDelayMs } from './domain/restart-backoff.js';
import { natsServerName, stopStages, type ProcessRole } from './domain/process-roles.js';
import type { PlatformState, PlatformUrls, ProcessIdentity } from './domain/platform-state.js';
import { askReadiness, whatIsMissing } from './http/gateway-readiness.js';
import { watchNats, type WatchedNats } from './http/nats-watch.js';
import type { PlatformEvent } from './platform-options.js';
import { HangWatch, hangAfterMs } from './process/hang-watch.js';
import { HomeKeeper } from './process/home-keeper.js';
import { tailOfLog } from './process/log-tail.js';
import type { PlannedProcess } from './process/platform-processes.js';
import { identify } from './process/process-identity.js';
import { SupervisedProcess, type UnexpectedEnd } from './process/supervised-process.js';
import { logEvent } from './process/supervisor-log.js';
import type { PlatformSettings } from './settings/platform-settings.js';
import { PlatformStartError } from './start-error.js';
import { startErrorOf } from './start-error-of.js';

export interface PlatformParts {
  home: string;
  settings: PlatformSettings;
  urls: PlatformUrls;
  nats: WatchedNats;
  planned: PlannedProcess[];
  startedAt: number;
  restart: boolean;
  readyTimeoutMs: number;
  /** Brings the databases to the version that the services need, once the servers run. */
  migrate: (signal: AbortSignal) => Promise<MigratedSchema[]>;
  /** What is to be done to the servers before anything else starts. */
  servers?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Makes the API keys that the first callers need, and gives the first admin's where it made one; null while none are asked for. */
  prepareKeys: ((signal: AbortSignal) => Promise<string | null>) | null;
  onEvent: (event: PlatformEvent) => void;
  close: () => void;
}

const readyPollMs = 50;
/** A process that ends this often before the platform is ready will not get better by itself. */
const endsWhileStartingMax = 5;
/** Exit code of a service whose settings can't be used (sysexits.h, EX_CONFIG). */
const exitSettings = 78;
const logTailLines = 8;
const bytesOfMegabyte = 1024 * 1024;

interface Member {
  role: ProcessRole;
  process: SupervisedProcess;
  logFile: string;
  opsUrl: string | null;
}

/**
 * A running platform: its servers, services and workers as children of this process. They start all at once, because
 * each waits by itself for what it needs; only services wait for their databases to be of their version. They are stopped
 * from the doors inwards.
 */
export class Platform {
  private readonly members: Member[];
  private readonly keeper: HomeKeeper;
  private readonly watching = new AbortController();
  private readonly hangs = new HangWatch((name) =>
    this.endSick(name, `it has given no sign of life for ${hangAfterMs / 1000} seconds`),
  );
  private status: PlatformState['status'] = 'starting';
  private readyAt: number | null = null;
  private self: ProcessIdentity = { pid: process.pid, start_token: '' };
  private fatal: PlatformStartError | null = null;
  private stopped: Promise<void> | undefined;
  /** The reason last told, by process. */
  private readonly toldEnds = new Map<string, string>();

  constructor(private readonly parts: PlatformParts) {
    const { home, settings, planned, restart } = parts;
    this.keeper = new HomeKeeper({
      home,
      logs: { bytesMax: settings.LOG_MAX_SIZE_MB * bytesOfMegabyte, retentionDays: settings.LOG_RETENTION_DAYS },
      state: () => this.state(),
      onTrouble: (reason) => this.tell(reason === null ? { kind: 'home_writable' } : { kind: 'home_unwritable', reason }),
      onLogsGone: () => this.tell({ kind: 'logs_gone' }),
    });
    for (const { runnable } of planned) runnable.onSign(() => this.hangs.hear(runnable.name));
    this.members = planned.map(({ role, runnable, logFile, opsUrl }) => ({
      role,
      logFile,
      opsUrl,
      process: new SupervisedProcess(runnable, {
        restart,
        logFile,
        onChange: () => this.save(),
        onEnd: (end) => this.afterEnd(end),
      }),
    }));
  }

  get home(): string {
    return this.parts.home;
  }

  get urls(): PlatformUrls {
    return this.parts.urls;
  }

  /** Names of its processes, in the order they were started. */
  get names(): string[] {
    return this.members.map(({ process }) => process.name);
  }

  /** Pids of what runs now: of one process, or of all. */
  pids(name?: string): number[] {
    return this.members
      .filter(({ process }) => name === undefined || process.name === name)
      .flatMap(({ process }) => process.pid ?? []);
  }

  /** Sends a process a signal out of the blue, as a crash or an operator would. */
  kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): void {
    this.member(name).process.signal(signal);
  }

  /** Kills a process that stays down until it is started again. */
  async takeDown(name: string): Promise<void> {
    await this.member(name).process.kill();
  }

  /** Starts again what was taken down, or killed while `restart` is false. */
  async startAgain(name: string): Promise<void> {
    await this.member(name).process.start();
  }

  state(): PlatformState {
    const { home, startedAt, urls, settings } = this.parts;
    return {
      version: 1,
      status: this.status,
      home,
      supervisor: this.self,
      started_at: new Date(startedAt).toISOString(),
      ready_at: this.readyAt === null ? null : new Date(this.readyAt).toISOString(),
      urls: { ...urls, nats: withoutSecrets(urls.nats), mongo: withoutSecrets(urls.mongo) },
      auth: settings.AUTH,
      processes: this.members.map(({ process, opsUrl }) => ({ ...process.state(), ops: opsUrl })),
    };
  }

  /** Resolves when the gateway is ready; otherwise stops what was started and rejects with the reason. */
  async start(): Promise<void> {
    this.self = (await identify(process.pid)) ?? this.self;
    this.save();
    this.keeper.start();
    try {
      await Promise.all([this.startMembers(), this.untilReady()]);
    } catch (error) {
      await this.stop();
      throw startErrorOf(error, this.home);
    }
    this.status = 'ready';
    this.readyAt = Date.now();
    this.save();
    this.tell({ kind: 'ready', afterMs: this.readyAt - this.parts.startedAt });
    void this.watchNatsServer();
    this.hangs.start();
  }

  /** Stops everything in order, once. */
  stop(): Promise<void> {
    this.stopped ??= this.stopInOrder();
    return this.stopped;
  }

  /** While `stop` is under way: what is not a server is killed, so that the servers can end in order at once. */
  hasten(): void {
    for (const { role, process } of this.members) if (role !== 'server') process.signal('SIGKILL');
  }

  /** While `stop` is under way: nothing is waited for any more. */
  abandon(): void {
    for (const { process } of this.members) process.signal('SIGKILL');
  }

  private async stopInOrder(): Promise<void> {
    this.status = 'stopping';
    this.watching.abort();
    this.hangs.stop();
    this.save();
    this.tell({ kind: 'stopping' });
    for (const stage of stopStages(this.members)) await Promise.all(stage.map(({ process }) => process.stop()));
    await this.keeper.close();
    this.parts.close();
  }

  private async startMembers(): Promise<void> {
    const start = (...roles: ProcessRole[]): Promise<unknown> =>
      Promise.all(this.members.filter(({ role }) => roles.includes(role)).map((member) => this.startMember(member)));
    const startServers = async (): Promise<void> => {
      await start('server');
      await this.parts.servers?.(this.watching.signal);
      for (const { applied, database, version } of await this.parts.migrate(this.watching.signal)) {
        if (applied.length > 0) this.tell({ kind: 'migrated', database, version });
      }
      await this.prepareKeys();
    };
    const startOthers = (): Promise<unknown> => start('service', 'gateway', 'companion', 'worker');
    // Services wait for their databases, and load meanwhile; of one that is being replaced they must see nothing.
    if (this.parts.servers) await startServers().then(startOthers);
    else await Promise.all([startServers(), startOthers()]);
  }

  private async prepareKeys(): Promise<void> {
    const key = (await this.parts.prepareKeys?.(this.watching.signal)) ?? null;
    // Past the log, which keeps what it is told.
    if (key !== null) this.parts.onEvent({ kind: 'admin_key', key });
  }

  private async startMember({ process, role }: Member): Promise<void> {
    await process.start();
    if (role === 'server') this.tell({ kind: 'started', name: process.name, afterMs: Date.now() - this.parts.startedAt });
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + this.parts.readyTimeoutMs;
    let told = '';
    for (;;) {
      const readiness = await askReadiness(this.urls.api);
      if (this.fatal) throw this.fatal;
      if (this.stopped) throw new PlatformStartError('unavailable', 'The start was broken off.', 'Run `./kintsugi up` again.');
      if (readiness.ready) return;
      const reason = whatIsMissing(readiness);
      if (Date.now() > deadline) throw this.notReadyError(reason);
      if (reason !== told) this.tell({ kind: 'waiting', reason });
      told = reason;
      await delay(readyPollMs);
    }
  }

  private afterEnd(end: UnexpectedEnd): void {
    this.hangs.forget(end.name);
    this.tellEnd(end);
    if (this.status !== 'starting' || this.fatal) return;
    const member = this.member(end.name);
    const settingsAreWrong = end.exitCode === exitSettings;
    const hopeless = member.process.state().restarts >= endsWhileStartingMax || end.restartInMs === null;
    if (!settingsAreWrong && !hopeless) return;
    const kind = settingsAreWrong ? 'settings' : 'unavailable';
    const advice = settingsAreWrong ? 'Correct the settings named; .env.example explains each.' : `See ${member.logFile}.`;
    this.fatal = new PlatformStartError(
      kind,
      `${end.name} does not start (${end.reason}).`,
      advice,
      tailOfLog(member.logFile, logTailLines),
    );
  }

  /** What keeps ending for one reason is told until it is tried at its slowest; `status` counts on. */
  private tellEnd(end: UnexpectedEnd): void {
    const isKnown = this.toldEnds.get(end.name) === end.reason;
    if (isKnown && end.restartInMs === longestDelayMs) return;
    this.toldEnds.set(end.name, end.reason);
    this.tell({ kind: 'ended', ...end });
  }

  private notReadyError(reason: string): PlatformStartError {
    const failing = this.members.filter(({ process }) => process.state().restarts > 0 || process.pid === undefined);
    const names = failing.map(({ process }) => process.name).join(', ');
    const message = `The platform is not ready after ${this.parts.readyTimeoutMs / 1000} s: ${reason}${names ? `; in trouble: ${names}` : ''}.`;
    return new PlatformStartError('unavailable', message, `The logs are in ${join(this.home, 'logs')}.`);
  }

  private async watchNatsServer(): Promise<void> {
    const member = this.members.find(({ process }) => process.name === natsServerName);
    if (!member) return;
    const onFailure = (): void => this.endSick(natsServerName, 'JetStream has lost its files or cannot write them');
    await watchNats({ ...this.parts.nats, isRunning: () => member.process.pid !== undefined, onFailure }, this.watching.signal);
  }

  /** One whose disk has failed may ignore SIGTERM, and one that hangs does. */
  private endSick(name: string, reason: string): void {
    this.tell({ kind: 'sick', name, reason });
    this.member(name).process.signal('SIGKILL');
  }

  private member(name: string): Member {
    const member = this.members.find(({ process }) => process.name === name);
    if (!member) throw new Error(`No process is called ${name}: ${this.names.join(', ')}.`);
    return member;
  }

  private tell(event: PlatformEvent): void {
    logEvent(join(this.home, 'logs', 'supervisor.log'), event);
    this.parts.onEvent(event);
  }

  private save(): void {
    if (!this.stopped || this.status === 'stopping') this.keeper.save();
  }
}
