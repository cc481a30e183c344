import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { Worker as Thread } from 'node:worker_threads';
import { every, guarded } from '@kintsugi/boundary';
import { decodeWork, planLaneOf, subjects, type Inventory, type WorkerControl } from '@kintsugi/contracts';
import { Bus, respond, type Subscription } from '@kintsugi/messaging';
import type { ErrorMapping } from './error-mapping.js';
import { longRuns } from './long-runs.js';
import { OutcomeReporter } from './outcome-reporter.js';
import { planningHandler, type PlanHandler } from './plan-runner.js';
import type { TaskHandler } from './task-context.js';
import { TaskRunner } from './task-runner.js';
import { resolveOptions, type ResolvedOptions, type WorkerOptions } from './worker.config.js';

const inventoryEveryMs = 1_000;
const receiptTimeoutMs = 3_000;

/** Runs tasks of the types it has handlers for. See `createWorker`. */
export class Worker {
  /** Unique to this process, so that what it held before a restart is not mistaken for what it holds. */
  readonly id: string;
  private readonly options: ResolvedOptions;
  private readonly handlers = new Map<string, TaskHandler>();
  private readonly mappings: ErrorMapping[] = [];
  private bus: Bus | null = null;
  private thread: Thread | null = null;
  private runner: TaskRunner | null = null;
  private reporter: OutcomeReporter | null = null;
  private subscriptions: Subscription[] = [];
  private timer: NodeJS.Timeout | null = null;
  private inventories = 0;
  private draining = false;
  private stopping: Promise<void> | null = null;

  constructor(options: WorkerOptions = {}) {
    this.options = resolveOptions(options);
    this.id = `${this.options.name.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 60)}-${randomUUID().slice(0, 8)}`;
  }

  /** Says how tasks of a type are run. What the handler returns is kept as the task's result, if it is JSON. */
  handle<Payload = unknown>(type: string, handler: TaskHandler<Payload>): this {
    this.register(type, handler as TaskHandler);
    return this;
  }

  /** Says how the tasks of a job of this type are made, when a job comes without them. */
  plan(type: string, handler: PlanHandler): this {
    const run = planningHandler(
      () => this.connected(),
      ({ task }) => this.fenceOf(task.id),
      handler,
    );
    this.register(planLaneOf(type), run);
    return this;
  }

  /** Names errors that handlers throw; mappings are asked in the order given, before the built-in one. */
  mapError(mapping: ErrorMapping): this {
    this.mappings.push(mapping);
    return this;
  }

  /**
   * Connects, waits for NATS if need be, and takes work until it is stopped. SIGTERM and SIGINT stop it in order:
   * running tasks may end, waiting ones are handed back, every outcome is receipted, then the process ends.
   */
  async start(): Promise<this> {
    if (this.handlers.size === 0) throw new Error('A worker needs a handler: call handle(type, handler) before start().');
    const { natsUrl: servers, natsToken: token, slots } = this.options;
    this.bus = await Bus.connect({ servers, name: this.id, ...(token ? { token } : {}) });
    this.reporter = new OutcomeReporter(this.bus, this.id, (leases, { refused }) => {
      if (refused) process.emitWarning(`Parts of a report were refused: ${refused}`);
      this.runner?.letGo(leases);
    });
    this.runner = new TaskRunner({ slots, handlers: this.handlers, mappings: this.mappings, reporter: this.reporter });
    this.reporter.start();
    this.listen(this.bus, this.runner);
    this.thread = new Thread(new URL('./beat-thread.js', import.meta.url), { workerData: { servers, token, workerId: this.id } });
    this.thread.unref();
    this.timer = every('worker.inventory', inventoryEveryMs, () => this.sendInventory());
    this.sendInventory();
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, this.stopAndExit);
    this.followLeash();
    return this;
  }

  /** Stops in order. May be called twice. */
  async stop(): Promise<void> {
    this.stopping ??= this.shutDown();
    await this.stopping;
  }

  private readonly stopAndExit = guarded('worker.stop', () => this.stop().then(() => process.exit(0)));

  private async shutDown(): Promise<void> {
    const { runner, reporter, bus } = this;
    if (!runner || !reporter || !bus) return;
    this.draining = true;
    runner.drain();
    this.sendInventory();
    await runner.finished(this.options.drainTimeoutMs);
    await reporter.settled(receiptTimeoutMs);
    if (this.timer) clearInterval(this.timer);
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    reporter.stop();
    await this.thread?.terminate();
    await bus.close();
  }

  private register(lane: string, handler: TaskHandler): void {
    if (this.bus) throw new Error('Handlers are registered before start().');
    if (this.handlers.has(lane)) throw new Error(`There is a handler for ${lane} already.`);
    this.handlers.set(lane, handler);
  }

  private listen(bus: Bus, runner: TaskRunner): void {
    this.subscriptions = [
      bus.subscribe(subjects.work(this.id), (message) => {
        const { header, taskLines } = decodeWork(message.string());
        runner.take(header, taskLines);
      }),
      bus.subscribe(subjects.control(this.id), (message) => {
        if (message.reply) respond(message, '');
        else this.obey(message.json<WorkerControl>(), runner);
      }),
      bus.subscribe(subjects.rollCall, () => this.sendInventory()),
    ];
    bus.onState((state) => {
      if (state === 'up') this.sendInventory();
    });
  }

  private obey(control: WorkerControl, runner: TaskRunner): void {
    if (control.kind === 'cancel') for (const [chunkId, indexes] of control.tasks) runner.cancel(chunkId, indexes);
    else for (const [chunkId, fence] of control.leases) runner.revoke(chunkId, fence);
  }

  private sendInventory(): void {
    const { bus, runner } = this;
    if (!bus || !runner) return;
    const leases = [...runner.all];
    this.inventories += 1;
    const inventory: Inventory = {
      worker_id: this.id,
      host: hostname(),
      pid: process.pid,
      slots: this.options.slots,
      lanes: [...this.handlers.keys()],
      draining: this.draining,
      held: leases.map(({ header }) => [header.chunk_id, header.fence]),
      running: longRuns(leases, Date.now(), this.inventories),
    };
    bus.publish(subjects.inventories, JSON.stringify(inventory));
  }

  private connected(): Bus {
    if (!this.bus) throw new Error('The worker has not been started.');
    return this.bus;
  }

  /** The fence of the lease under which a planning task runs. */
  private fenceOf(taskId: string): number {
    const chunkId = taskId.slice('task_'.length, taskId.lastIndexOf('.'));
    for (const { header } of this.runner?.all ?? []) if (header.chunk_id === chunkId) return header.fence;
    throw new Error('The lease of this plan has passed to another worker.');
  }

  /** A supervisor that goes away takes its workers with it. */
  private followLeash(): void {
    if (!this.options.leashed) return;
    process.stdin.on('end', this.stopAndExit);
    process.stdin.resume();
  }
}

/**
 * A worker: give it handlers, then start it.
 *
 * @example
 * const worker = createWorker();
 * worker.handle('greet', async ({ task, log }) => {
 *   log(`Hello ${task.payload.name}`);
 *   return { greeted: true };
 * });
 * await worker.start();
 */
export function createWorker(options: WorkerOptions = {}): Worker {
  return new Worker(options);
}
