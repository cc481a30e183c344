import { randomUUID } from 'node:crypto';
import { every } from '@kintsugi/boundary';
import { decodeWork, planQueueOf, subjects, type Inventory, type JobDefinition, type WorkerControl } from '@kintsugi/contracts';
import { natsAddressOf, respond, startPulse, type Bus, type Subscription } from '@kintsugi/messaging';
import { askPlatformAs } from './ask-platform.js';
import { functionServing, typeServedBy } from './check-handler.js';
import { handlerOf, planOf, type JobHandler, type JobPlan } from './defined-job.js';
import type { ErrorMapping } from './error-mapping.js';
import type { IsolateOptions } from './isolated/handler-module.js';
import { LastingTrouble } from './lasting-trouble.js';
import { Lifetime } from './lifetime.js';
import { longRuns } from './long-runs.js';
import { LogSender } from './log-sender.js';
import { OutcomeReporter } from './outcome-reporter.js';
import { fenceOfPlan, planningHandler, type PlanHandler } from './plan-runner.js';
import { runCallsBy } from './run-calls.js';
import { SecretMask } from './secret-mask.js';
import { steadyNow } from './steady-now.js';
import type { TaskHandler } from './task-context.js';
import { TaskRunner } from './task-runner.js';
import { WorkerHandlers } from './worker-handlers.js';
import { harmlessLog, type WorkerLog } from './worker-log.js';
import { UsageSampler } from './usage-sampler.js';
import type { HandleOptions, JobHandleOptions } from './verify-run.js';
import { resolveOptions, runPlaceOf, type ResolvedOptions, type WorkerOptions } from './worker.config.js';

/** One that holds nothing, and is heard, leaves four of five out, but for the one after a roll call: job-service asks where it misses one, and of many at once takes in some. */
const inventoryEveryMs = 1_000;
const leftOutMax = 4;
const beatEveryMs = 500;
const receiptTimeoutMs = 3_000;
/** Inventories in a row that nobody heard before that is a trouble: a job-service starts again within less. */
const unheardMax = 5;

/** Runs tasks of the types it has handlers for. See `createWorker`. */
export class Worker {
  /** Unique to this process, so that what it held before a restart is not mistaken for what it holds. */
  readonly id: string;
  /** Asks a service of the platform for an action, by the connection of this worker, once it is started. */
  readonly ask = askPlatformAs(() => ({ bus: this.connected(), id: this.id }));
  private readonly options: ResolvedOptions;
  private readonly log: WorkerLog;
  private readonly trouble: LastingTrouble;
  private readonly handlers: WorkerHandlers;
  private readonly mappings: ErrorMapping[] = [];
  private readonly life = new Lifetime(this, {
    startUp: () => this.startUp(),
    shutDown: () => this.shutDown(),
    isOver: 'This worker has been stopped, and serves once only: make a new one with createWorker().',
  });
  private bus: Bus | null = null;
  private endPulse: (() => Promise<void>) | null = null;
  private runner: TaskRunner | null = null;
  private reporter: OutcomeReporter | null = null;
  private logs: LogSender | null = null;
  private readonly sampler: UsageSampler;
  private subscriptions: Subscription[] = [];
  private timers: NodeJS.Timeout[] = [];
  private inventories = 0;
  /** Whether somebody has heard the last inventory, and how many before it nobody has. */
  private isHeard = true;
  private unheard = 0;
  private leftOut = 0;
  private hasShownLease = false;
  private draining = false;

  constructor(options: WorkerOptions = {}) {
    this.options = resolveOptions(options);
    this.log = harmlessLog(this.options.log);
    this.trouble = new LastingTrouble(this.log);
    this.id = `${this.options.name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 60)}-${randomUUID().slice(0, 8)}`;
    const { slots, cpus, sampleEveryMs: everyMs } = this.options;
    this.handlers = new WorkerHandlers(slots, cpus);
    const leases = () => this.runner?.all ?? [];
    this.sampler = new UsageSampler({ workerId: this.id, slots: () => this.handlers.slots, everyMs, leases });
  }

  /**
   * Says how tasks of a defined job, or of a type, are run. What the handler returns is kept as the task's result, if it is
   * JSON. Of a defined job, payload and result are checked. Behind a failed run, one has to pass `verify` to count as a success. With
   * `isolate: true` the handler is the default export of a module, given by its file, which runs in a process of its own:
   * `new URL('./render.js', import.meta.url)`.
   */
  handle<Job extends JobDefinition>(job: Job, handler: JobHandler<Job>, options?: JobHandleOptions<Job>): this;
  handle<Payload = unknown>(type: string, handler: TaskHandler<Payload>, options?: HandleOptions<Payload>): this;
  handle(job: JobDefinition | string, module: URL | string, options: HandleOptions & IsolateOptions): this;
  handle(
    job: JobDefinition | string,
    given: TaskHandler | URL | string,
    options: HandleOptions & Partial<IsolateOptions> = {},
  ): this {
    const type = typeServedBy('handle', job);
    this.register(type, handlerOf(job, this.handlers.made(type, given, options), options));
    return this;
  }

  /** Says how the tasks of a defined job, or of a type, are made when a job comes without them. */
  plan<Definition extends JobDefinition>(job: Definition, handler: JobPlan<Definition>): this;
  plan(type: string, handler: PlanHandler): this;
  plan(job: JobDefinition | string, handler: PlanHandler): this {
    const type = typeServedBy('plan', job);
    const plan = planOf(job, functionServing('plan', type, handler));
    const run = planningHandler(
      () => this.connected(),
      ({ task }) => fenceOfPlan(task.id, this.runner?.all ?? []),
      plan,
    );
    this.register(planQueueOf(type), run);
    return this;
  }

  /** Names errors that handlers throw; mappings are asked in the order given, before the built-in one. */
  mapError(mapping: ErrorMapping): this {
    if (typeof mapping !== 'function') throw new Error('mapError() needs a function that names errors.');
    this.mappings.push(mapping);
    return this;
  }

  /**
   * Connects, waits for NATS if need be, and takes work until it is stopped. To start a worker that has been started
   * changes nothing; one that has been stopped is not started again.
   */
  start(): Promise<this> {
    return this.life.start();
  }

  /**
   * Stops in order: running tasks may end, waiting ones are handed back, every outcome is receipted. The process goes
   * on; a start that waits for NATS is given up. May be called twice.
   */
  stop(): Promise<void> {
    return this.life.stop();
  }

  private async startUp(): Promise<void> {
    if (this.handlers.byQueue.size === 0) throw new Error('A worker needs a handler: call handle(type, handler) before start().');
    const { slots } = this.handlers;
    const bus = await this.connect();
    if (!bus) return;
    this.bus = bus;
    // Without samples nobody would ever take what it has noted.
    const meter = this.options.sampleEveryMs > 0 ? this.sampler.meter : undefined;
    this.reporter = new OutcomeReporter(
      bus,
      this.id,
      (leases, { refused }) => {
        if (refused) process.emitWarning(`Parts of a report were refused: ${refused}`);
        this.runner?.evict(leases);
      },
      meter && ((header, outcome) => meter.noteReport(header, outcome)),
    );
    this.logs = new LogSender(() => bus.beside('logs'), this.id);
    const logging = { sender: this.logs, mask: new SecretMask(this.options.secrets) };
    const { mappings, reporter } = this;
    const { byQueue: handlers } = this.handlers;
    const calls = runCallsBy(bus, this.id);
    this.runner = new TaskRunner({ slots, handlers, mappings, reporter, calls, logging, meter, place: runPlaceOf(this.options) });
    this.reporter.start();
    this.sampler.start(bus);
    this.listen(bus, this.runner);
    this.beat(bus);
    this.timers.push(every('worker.inventory', inventoryEveryMs, () => this.lookAround(bus)));
    this.sendInventory();
    this.log(`Worker ${this.id} serves ${[...this.handlers.byQueue.keys()].join(', ')} with ${slots} slots at ${this.place}.`);
  }

  private connect(): Promise<Bus | null> {
    const { natsUrl: servers, natsLogin: login, handleSignals, leashed } = this.options;
    return this.life.connect(
      { servers, login, name: this.id, onUnreachable: (error) => this.sayUnreachable(error) },
      { onSignals: handleSignals, withSupervisor: leashed },
    );
  }

  private async shutDown(): Promise<void> {
    const { runner, reporter, logs, bus } = this;
    if (!runner || !reporter || !logs || !bus) return;
    this.draining = true;
    runner.drain();
    this.sendInventory();
    await runner.finished(this.options.drainTimeoutMs);
    await Promise.all([reporter.settled(receiptTimeoutMs), logs.settled(receiptTimeoutMs)]);
    await logs.close();
    for (const timer of this.timers) clearInterval(timer);
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    reporter.stop();
    await this.handlers.close();
    this.sampler.stop(bus);
    await this.endPulse?.();
    await bus.close();
  }

  private register(queue: string, handler: TaskHandler): void {
    if (this.life.hasBegun) throw new Error('Handlers are registered before start().');
    this.handlers.add(queue, handler);
  }

  private listen(bus: Bus, runner: TaskRunner): void {
    this.subscriptions = [
      bus.subscribe(subjects.work(this.id), (message) => {
        const { header, taskLines } = decodeWork(message.string());
        const isFirst = !this.hasShownLease;
        this.hasShownLease = true;
        runner.take(header, taskLines);
        // Who has shown a lease gets as much as it has room for.
        if (isFirst) this.sendInventory();
      }),
      bus.subscribe(subjects.control(this.id), (message) => {
        if (message.reply) respond(message, '');
        else this.obey(message.json<WorkerControl>(), runner);
      }),
      bus.subscribe(subjects.rollCall, () => this.sendInventory(leftOutMax)),
      // Nobody answers an inventory; where nobody hears it, the server itself does.
      bus.subscribe(this.unheardSubject, () => void (this.isHeard = false)),
    ];
    bus.onState((state) => {
      if (state === 'up') this.sendInventory();
    });
  }

  /** Whether it can be given work. */
  get isConnected(): boolean {
    return this.bus?.state === 'up';
  }

  private get unheardSubject(): string {
    return `_INBOX.${this.id}.inventory.unheard`;
  }

  /** Says that this process lives, from a thread that no handler can block, or from this one where there can be none. */
  private beat(bus: Bus): void {
    const { natsUrl: servers, natsLogin: login } = this.options;
    const body = JSON.stringify({ worker_id: this.id });
    this.endPulse = startPulse({
      ...{ servers, login, name: `${this.id} beat`, subject: subjects.beats, body, everyMs: beatEveryMs },
      onFault: (error) => {
        this.log(
          `Worker ${this.id} beats from its main thread: a handler that blocks for seconds makes it look lost (${String(error)}).`,
        );
        this.timers.push(every('worker.beat', beatEveryMs, () => bus.publish(subjects.beats, body)));
      },
    });
  }

  private lookAround(bus: Bus): void {
    this.unheard = this.isHeard ? 0 : this.unheard + 1;
    this.isHeard = true;
    if (bus.state === 'down') this.sayUnreachable('the connection is gone');
    else if (this.unheard >= unheardMax) {
      this.trouble.lasts(
        'unheard',
        `Worker ${this.id} gets no work: no job-service listens at ${this.place}. \`./kintsugi status\` shows what runs there, \`./kintsugi up\` starts it; NATS_URL has to name the platform's NATS.`,
      );
    } else if (this.unheard === 0) this.trouble.isOver(`Worker ${this.id} is connected, and a job-service listens.`);
    this.leftOut += 1;
    if (this.unheard > 0 || this.leftOut > leftOutMax || this.runner?.isAtWork) this.sendInventory();
  }

  private sayUnreachable(why: unknown): void {
    this.trouble.lasts(
      'unreachable',
      `Worker ${this.id} cannot reach NATS at ${this.place} (${why instanceof Error ? why.message : String(why)}), and tries on. Is the platform up? \`./kintsugi up\` starts it; NATS_URL says where its NATS is.`,
    );
  }

  /** Where NATS is, without what lets us in. */
  private get place(): string {
    return natsAddressOf(this.options.natsUrl).servers.join(', ');
  }

  private obey(control: WorkerControl, runner: TaskRunner): void {
    if (control.kind === 'cancel') for (const [chunkId, indexes] of control.tasks) runner.cancel(chunkId, indexes);
    else if (control.kind === 'stop') for (const [chunkId, indexes] of control.tasks) runner.handBack(chunkId, indexes);
    else for (const [chunkId, fence] of control.leases) runner.revoke(chunkId, fence);
  }

  private sendInventory(leftOut = 0): void {
    const { bus, runner } = this;
    if (!bus || !runner) return;
    const leases = [...runner.all];
    [this.inventories, this.leftOut] = [this.inventories + 1, leftOut];
    const inventory: Inventory = {
      worker_id: this.id,
      host: runPlaceOf(this.options).host,
      pid: process.pid,
      slots: runner.usableSlots(),
      queues: [...this.handlers.byQueue.keys()],
      draining: this.draining,
      capacity: { memory_mib: this.options.memoryMb, cpu_cores: this.options.cpus },
      held: leases.map(({ header }) => [header.chunk_id, header.fence]),
      running: longRuns(leases, steadyNow(), this.inventories),
    };
    bus.publish(subjects.inventories, JSON.stringify(inventory), { reply: this.unheardSubject });
  }

  private connected(): Bus {
    if (!this.bus) throw new Error('The worker has not been started.');
    return this.bus;
  }
}
