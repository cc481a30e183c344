import {
  decodeWork,
  subjects,
  type LeaseOutcome,
  type OutcomeReport,
  type WorkerControl,
  type WorkHeader,
} from '@kintsugi/contracts';
import type { SimulatedBus } from './simulated-network.js';

export const simulatedQueue = 'send';
const slots = 3;

interface Held {
  header: WorkHeader;
  /** Tasks of it that run. */
  open: Set<number>;
  unreceipted: number;
}

/** A worker as the library for workers makes it: it keeps a lease until its last report is receipted, and then forgets it. */
export class SimulatedWorker {
  /** Neither beats nor does anything else. */
  frozen = false;
  readonly held = new Map<string, Held>();
  /** Leases that it has let go: a slice of them that comes late is passed over. */
  private readonly past = new Set<string>();
  private readonly reports = new Map<string, { body: string; lease: Held }>();
  private sequence = 0;

  constructor(
    readonly id: string,
    private readonly bus: SimulatedBus,
    private readonly onStart: (worker: string, header: WorkHeader) => void,
  ) {
    bus.subscribe(subjects.work(id), (message) => this.take(decodeWork(message.string()).header));
    bus.subscribe(subjects.control(id), (message) => this.obey(message.json<WorkerControl>()));
    bus.subscribe(subjects.rollCall, () => this.tell());
  }

  get running(): { key: string; index: number }[] {
    return [...this.held].flatMap(([key, { open }]) => [...open].map((index) => ({ key, index })));
  }

  get unreceipted(): number {
    return this.reports.size;
  }

  beat(): void {
    this.bus.publish(subjects.beats, JSON.stringify({ worker_id: this.id }));
  }

  /** Sends its inventory. */
  tell(): void {
    const held = [...this.held.values()].map(({ header }) => [header.chunk_id, header.fence]);
    const inventory = {
      worker_id: this.id,
      host: 'h',
      pid: 1,
      slots,
      queues: [simulatedQueue],
      draining: false,
      held,
      running: [],
    };
    this.bus.publish(subjects.inventories, JSON.stringify(inventory));
  }

  finish(key: string, index: number, failed: boolean): void {
    const lease = this.held.get(key);
    if (!lease?.open.delete(index)) return;
    const { chunk_id, fence } = lease.header;
    const outcome: LeaseOutcome = {
      ...{ chunk_id, fence, base_ms: 1, returned: [] },
      ...(failed ? { done: [], started: [], took_us: [] } : { done: [index], started: [0], took_us: [1] }),
      failed: failed ? [{ index, started: 0, took_us: 1, error_type: 'x', error_message: 'x' }] : [],
    };
    const report: OutcomeReport = { v: 1, worker_id: this.id, leases: [outcome] };
    this.sequence += 1;
    const id = `${this.id}.${this.sequence}`;
    lease.unreceipted += 1;
    this.reports.set(id, { body: JSON.stringify(report), lease });
    this.report(id);
  }

  /** Sends again what has no receipt. */
  reportAgain(): void {
    for (const id of this.reports.keys()) this.report(id);
  }

  private report(id: string): void {
    const reply = `${this.inbox}.${id}`;
    const subscription = this.bus.subscribe(reply, () => {
      subscription.unsubscribe();
      this.forget(id);
    });
    this.bus.publish(subjects.outcomes, this.reports.get(id)?.body ?? '', { reply });
  }

  private get inbox(): string {
    return `_INBOX.${this.id}`;
  }

  private take(header: WorkHeader): void {
    const key = `${header.chunk_id}#${header.fence}`;
    if (this.held.has(key) || this.past.has(key)) return;
    this.held.set(key, { header, open: new Set(header.indexes), unreceipted: 0 });
    this.onStart(this.id, header);
  }

  private obey(control: WorkerControl): void {
    if (control.kind === 'revoke') for (const [chunkId, fence] of control.leases) this.evict(`${chunkId}#${fence}`);
  }

  private forget(id: string): void {
    const report = this.reports.get(id);
    if (!report) return;
    this.reports.delete(id);
    const { lease } = report;
    lease.unreceipted -= 1;
    const key = `${lease.header.chunk_id}#${lease.header.fence}`;
    if (lease.open.size === 0 && lease.unreceipted === 0 && this.held.get(key) === lease) this.evict(key);
  }

  private evict(key: string): void {
    this.held.delete(key);
    this.past.add(key);
  }
}
