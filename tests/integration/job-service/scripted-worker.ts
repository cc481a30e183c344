import { decodeWork, subjects, type LeaseOutcome, type WorkHeader } from '@kintsugi/contracts';
import type { Bus, Subscription } from '@kintsugi/messaging';

const beatEveryMs = 500;

/** A worker that does what a test tells it, over the subjects that every worker uses. */
export class ScriptedWorker {
  readonly slices: WorkHeader[] = [];
  /** Tasks that it was asked to stop, as chunk id and indexes. */
  readonly stopped: [string, number[]][] = [];
  /** Tasks that it was asked to hand back. */
  readonly askedBack: [string, number[]][] = [];
  private readonly subscriptions: Subscription[];
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly bus: Bus,
    readonly id: string,
    queues: string[],
    private readonly options: { clockOffMs?: number; slots?: number } = {},
  ) {
    this.subscriptions = [
      bus.subscribe(subjects.work(id), (message) => void this.slices.push(decodeWork(message.string()).header)),
      bus.subscribe(subjects.control(id), (message) => {
        if (message.reply) return message.respond('');
        const control = message.json<{ kind: string; tasks?: [string, number[]][] }>();
        if (control.kind === 'cancel') this.stopped.push(...(control.tasks ?? []));
        if (control.kind === 'stop') this.askedBack.push(...(control.tasks ?? []));
      }),
    ];
    const introduce = (): void => {
      const held = this.slices.map(({ chunk_id, fence }) => [chunk_id, fence]);
      const { slots = 10 } = this.options;
      const inventory = { worker_id: id, host: 'test', pid: process.pid, slots, queues, draining: false, held, running: [] };
      bus.publish(subjects.inventories, JSON.stringify(inventory));
    };
    introduce();
    this.timer = setInterval(introduce, beatEveryMs);
  }

  /** Reports a slice, or the part of it that is given, of which every task has succeeded, and waits for the receipt. */
  async succeed(slice: WorkHeader): Promise<void> {
    const { indexes } = slice;
    await this.report(slice, { done: indexes, started: indexes.map(() => 0), took_us: indexes.map(() => 1_000), failed: [] });
  }

  /** Reports a slice of which every task was stopped, as it was asked to. */
  async obey(slice: WorkHeader): Promise<void> {
    const stopped = { started: 0, took_us: 1_000, error_type: 'cancelled', error_message: 'stopped', cancelled: true };
    const failed = slice.indexes.map((index) => ({ index, ...stopped }));
    await this.report(slice, { done: [], started: [], took_us: [], failed });
  }

  private async report(
    { chunk_id, fence, indexes }: WorkHeader,
    ended: Pick<LeaseOutcome, 'done' | 'started' | 'took_us' | 'failed'>,
  ): Promise<void> {
    const base_ms = Date.now() + (this.options.clockOffMs ?? 0);
    const lease: LeaseOutcome = { chunk_id, fence, base_ms, returned: [], ...ended };
    const at = this.slices.findIndex((slice) => slice.chunk_id === chunk_id && slice.fence === fence);
    const left = this.slices[at]?.indexes.filter((index) => !indexes.includes(index)) ?? [];
    if (at >= 0) this.slices.splice(at, 1, ...(left.length > 0 ? [{ ...(this.slices[at] as WorkHeader), indexes: left }] : []));
    await this.bus.ask(subjects.outcomes, JSON.stringify({ v: 1, worker_id: this.id, leases: [lease] }), { timeoutMs: 60_000 });
  }

  stop(): void {
    clearInterval(this.timer);
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }
}
