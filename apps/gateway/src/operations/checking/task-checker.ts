import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InlineTasks, ProblemError, type InexactNumbers } from '@kintsugi/contracts';
import { OrderedThread } from '@kintsugi/hosting';
import type { CheckOrder, CheckReport } from './check-order.js';

export interface CheckedTasks {
  tasks: InlineTasks;
  /** Of all of them, where it was asked for. */
  fingerprint: string;
}

/**
 * Checks the tasks of large bodies in a thread of its own: parsing them takes far longer than anything else that a gateway
 * does, and what is parsed is garbage at once, which the thread collects without stopping the others.
 */
@Injectable()
export class TaskChecker implements OnApplicationShutdown {
  private readonly thread = new OrderedThread<CheckOrder, CheckReport>({
    name: 'task-checker',
    file: new URL(import.meta.url.endsWith('.ts') ? './check-thread.ts' : './check-thread.js', import.meta.url),
    does: 'checks tasks',
  });

  /** Takes the bytes of the tasks away, and gives them back with what comes of it. Rejects with a ProblemError that tells what is wrong with them. */
  async check({ body, places, path }: InlineTasks, numbers: InexactNumbers, fingerprinted: boolean): Promise<CheckedTasks> {
    const bytes = bytesOfItsOwn(body);
    const report = await this.thread.order({ body: bytes, places, path, numbers, fingerprinted }, [bytes.buffer]);
    if ('problem' in report) throw ProblemError.fromProblem(report.problem);
    return { tasks: new InlineTasks(report.body, places, path), fingerprint: report.fingerprint };
  }

  /** The last request has been answered by now. */
  onApplicationShutdown(): Promise<void> {
    return this.thread.end();
  }
}

/** Bytes that nobody else has a part of, so that they can be handed over. */
function bytesOfItsOwn(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = body;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isWhole ? new Uint8Array(buffer) : Uint8Array.from(body);
}
