import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { guarded } from '@kintsugi/boundary';
import { InlineTasks, ProblemError, type InexactNumbers } from '@kintsugi/contracts';
import type { CheckOrder, CheckReport } from './check-order.js';

export interface CheckedTasks {
  tasks: InlineTasks;
  /** Of all of them, where it was asked for. */
  fingerprint: string;
}

interface Ordered {
  path: string;
  places: readonly number[];
  resolve: (checked: CheckedTasks) => void;
  reject: (error: Error) => void;
}

/**
 * Checks the tasks of large bodies in a thread of its own: parsing them takes far longer than anything else that a gateway
 * does, and what is parsed is garbage at once, which the thread collects without stopping the others.
 */
@Injectable()
export class TaskChecker implements OnApplicationShutdown {
  private readonly ordered = new Map<number, Ordered>();
  private thread: Worker | null = null;
  private last = 0;

  /** Takes the bytes of the tasks away, and gives them back with what comes of it. Rejects with a ProblemError that tells what is wrong with them. */
  check({ body, places, path }: InlineTasks, numbers: InexactNumbers, fingerprinted: boolean): Promise<CheckedTasks> {
    return new Promise((resolve, reject) => {
      this.last += 1;
      const bytes = bytesOfItsOwn(body);
      const order: CheckOrder = { number: this.last, body: bytes, places, path, numbers, fingerprinted };
      this.ordered.set(order.number, { path, places, resolve, reject });
      this.thread ??= this.start();
      this.thread.ref();
      this.thread.postMessage(order, [bytes.buffer]);
    });
  }

  /** The last request has been answered by now. */
  async onApplicationShutdown(): Promise<void> {
    await this.thread?.terminate();
  }

  private start(): Worker {
    const thread = new Worker(
      new URL(import.meta.url.endsWith('.ts') ? './check-thread.ts' : './check-thread.js', import.meta.url),
    );
    thread.on(
      'message',
      guarded('task-checker.report', (report: CheckReport) => this.settle(report)),
    );
    let fault: unknown;
    thread.on(
      'error',
      guarded('task-checker.error', (error: unknown) => {
        fault = error;
      }),
    );
    thread.on(
      'exit',
      guarded('task-checker.exit', () => this.giveUp(fault)),
    );
    return thread;
  }

  private settle(report: CheckReport): void {
    const ordered = this.ordered.get(report.number);
    if (!ordered) return;
    this.ordered.delete(report.number);
    if (this.ordered.size === 0) this.thread?.unref();
    if ('problem' in report) ordered.reject(ProblemError.fromProblem(report.problem));
    else if ('fault' in report) ordered.reject(new Error(`The tasks could not be checked: ${report.fault}`));
    else ordered.resolve({ tasks: new InlineTasks(report.body, ordered.places, ordered.path), fingerprint: report.fingerprint });
  }

  /** The next order starts another thread. */
  private giveUp(cause: unknown): void {
    this.thread = null;
    const given = [...this.ordered.values()];
    this.ordered.clear();
    for (const { reject } of given) reject(new Error('The thread that checks tasks has ended.', { cause }));
  }
}

/** Bytes that nobody else has a part of, so that they can be handed over. */
function bytesOfItsOwn(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = body;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isWhole ? new Uint8Array(buffer) : Uint8Array.from(body);
}
