import type { EventOfJob, JobEventName } from '@kintsugi/contracts';
import { EventGroup, type Bus } from '@kintsugi/messaging';
import { LastingTrouble } from './lasting-trouble.js';
import { Lifetime } from './lifetime.js';
import { harmlessLog, type WorkerLog } from './worker-log.js';
import { resolveOptions, type ResolvedOptions, type WorkerOptions } from './worker.config.js';

export interface EventListenerOptions extends Pick<WorkerOptions, 'natsUrl' | 'natsLogin' | 'handleSignals' | 'log'> {
  /** Processes that listen under one name share the events between them: each event goes to one of them. */
  group: string;
}

export type JobEventHandler<Name extends JobEventName> = (event: EventOfJob<Name>) => unknown;

const groupPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Calls handlers for what happens to jobs. See `createEventListener`. */
export class EventListener {
  private readonly options: ResolvedOptions;
  private readonly log: WorkerLog;
  private readonly trouble: LastingTrouble;
  private readonly handlers = new Map<JobEventName, JobEventHandler<JobEventName>[]>();
  private readonly life = new Lifetime(this, {
    startUp: () => this.startUp(),
    shutDown: () => this.shutDown(),
    isOver: 'This listener has been stopped: make a new one.',
  });
  private readonly group: string;
  private bus: Bus | null = null;
  private events: EventGroup | null = null;

  constructor({ group, ...options }: EventListenerOptions) {
    if (!groupPattern.test(group)) {
      throw new Error(`A group has up to 64 letters, digits, dashes and underscores, and not ${group}.`);
    }
    this.group = group;
    this.options = resolveOptions(options);
    this.log = harmlessLog(this.options.log);
    this.trouble = new LastingTrouble(this.log);
  }

  /** Calls the handler for each job of an event, at least once. Where it throws, the event comes again later, for all its jobs. */
  on<Name extends JobEventName>(name: Name, handler: JobEventHandler<Name>): this {
    if (this.life.hasBegun) throw new Error('Handlers are registered before start().');
    this.handlers.set(name, [...(this.handlers.get(name) ?? []), handler as JobEventHandler<JobEventName>]);
    return this;
  }

  /** Whether it hears what happens. */
  get isConnected(): boolean {
    return this.bus?.state === 'up';
  }

  /** Connects, waits for NATS if need be, and listens until it is stopped. */
  start(): Promise<this> {
    return this.life.start();
  }

  /** Lets the handler under way come to its end, and gives up a start that waits for NATS. */
  stop(): Promise<void> {
    return this.life.stop();
  }

  private async startUp(): Promise<void> {
    if (this.handlers.size === 0) throw new Error('A listener needs a handler: call on(event, handler) before start().');
    const { natsUrl: servers, natsLogin: login, handleSignals } = this.options;
    this.bus = await this.life.connect(
      { servers, login, name: `events of ${this.group}`, onUnreachable: (error) => this.sayTrouble(error) },
      { onSignals: handleSignals, withSupervisor: false },
    );
    if (!this.bus) return;
    this.events = new EventGroup(this.bus, {
      name: this.group,
      events: [...this.handlers.keys()],
      onEvent: async ({ name, id, time, data }) => {
        for (const job of (data as { jobs: object[] }).jobs) await this.tell({ event: name, id, data: { ...job, time } });
        this.trouble.isOver(`The events of ${this.group} are told again.`);
      },
      onError: (error) => this.sayTrouble(error),
    });
    this.events.start();
  }

  private async tell(event: object): Promise<void> {
    const { event: name } = event as EventOfJob<JobEventName>;
    for (const handler of this.handlers.get(name) ?? []) await handler(event as EventOfJob<JobEventName>);
  }

  private async shutDown(): Promise<void> {
    await this.events?.stop();
    await this.bus?.close();
  }

  private sayTrouble(why: unknown): void {
    const words = why instanceof Error ? why.message : String(why);
    this.trouble.lasts(words, `Trouble with the events of ${this.group}: ${words}`);
  }
}

/**
 * Listens to what happens to all jobs. What happened while no process of the group was there is told when one is, for as
 * long as events are kept.
 *
 * @example
 * const listener = createEventListener({ group: 'shop', handleSignals: true });
 * listener.on('job.failed', ({ data }) => alertAbout(data.job_id));
 * await listener.start();
 */
export function createEventListener(options: EventListenerOptions): EventListener {
  return new EventListener(options);
}
