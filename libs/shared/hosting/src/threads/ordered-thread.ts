import { Worker, type Transferable } from 'node:worker_threads';
import { guarded } from '@kintsugi/boundary';
import type { OrderReport } from './carry-out-orders.js';

interface Ordered<Report> {
  resolve: (report: Report) => void;
  reject: (error: Error) => void;
}

export interface OrderedThreadOptions {
  /** What tells its faults from others. */
  name: string;
  /** The file that it runs, which carries out orders. */
  file: URL;
  /** What it does, as it is told of one that has ended: `checks tasks`. */
  does: string;
}

/**
 * A thread of its own for work that would keep the event loop, made with the first order. A process waits for it as long as it has an
 * order, and for no longer.
 */
export class OrderedThread<Order extends object, Report extends object> {
  private readonly ordered = new Map<number, Ordered<Report>>();
  private thread: Worker | null = null;
  private last = 0;

  constructor(private readonly options: OrderedThreadOptions) {}

  /**
   * Gives an order at once.
   * @param given memory that the thread takes over
   * @returns what came of it; rejects where that failed, or the thread ended under it
   */
  order(order: Order, given: readonly Transferable[] = []): Promise<Report> {
    return new Promise((resolve, reject) => {
      this.last += 1;
      this.ordered.set(this.last, { resolve, reject });
      this.thread ??= this.start();
      this.thread.ref();
      this.thread.postMessage({ number: this.last, order }, given);
    });
  }

  async end(): Promise<void> {
    await this.thread?.terminate();
  }

  private start(): Worker {
    const { name, file } = this.options;
    const thread = new Worker(file);
    thread.on(
      'message',
      guarded(`${name}.report`, (report: OrderReport<Report>) => this.settle(report)),
    );
    let fault: unknown;
    thread.on(
      'error',
      guarded(`${name}.error`, (error: unknown) => {
        fault = error;
      }),
    );
    thread.on(
      'exit',
      guarded(`${name}.exit`, () => this.giveUp(fault)),
    );
    return thread;
  }

  private settle(answer: OrderReport<Report>): void {
    const ordered = this.ordered.get(answer.number);
    if (!ordered) return;
    this.ordered.delete(answer.number);
    if (this.ordered.size === 0) this.thread?.unref();
    if ('fault' in answer) ordered.reject(new Error(`The thread that ${this.options.does} could not: ${answer.fault}`));
    else ordered.resolve(answer.report);
  }

  /** The next order starts another thread. */
  private giveUp(cause: unknown): void {
    this.thread = null;
    const given = [...this.ordered.values()];
    this.ordered.clear();
    for (const { reject } of given) reject(new Error(`The thread that ${this.options.does} has ended.`, { cause }));
  }
}
