import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { giveBack } from '@kintsugi/boundary';
import { bytesOfPart, logBatchSchema, subjects, type LogPart } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { Bus, respond, type Msg, type Subscription } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { isUnreachable } from '@kintsugi/persistence';
import { TakeLogBatches } from '../commands/take-log-batches.js';

const lineFeed = 0x0a;

/** Takes in the log lines of workers, over a connection of its own: a flood of them cuts nothing else off. */
@Injectable()
export class TaskLogsIntake implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly onFault: (error: unknown) => void;
  private readonly stopping = new AbortController();
  private own: Bus | null = null;
  private subscription: Subscription | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly taking: TakeLogBatches,
    private readonly metrics: Metrics,
    faults: Faults,
  ) {
    this.onFault = faults.of('logs of tasks');
  }

  async onApplicationBootstrap(): Promise<void> {
    const { signal } = this.stopping;
    this.own = await this.bus.beside('logs', { signal });
    this.subscription = this.own.subscribe(subjects.taskLogs, (message) => this.take(message), { queue: 'metrics-service' });
    await this.own.flush();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.subscription?.drain().catch(() => undefined);
    await this.own?.close();
  }

  /** A message that cannot be read is answered as well: to send it again would not mend it. */
  private take(message: Msg): void {
    const { buffer, byteOffset, byteLength } = message.data;
    const body = Buffer.from(buffer, byteOffset, byteLength);
    const end = body.indexOf(lineFeed);
    const head = readHead(body.toString('utf8', 0, Math.max(0, end)));
    const lines = body.subarray(end + 1);
    if (!head || bytesOf(head.parts) !== lines.length) {
      this.metrics.count('kintsugi_log_batches_refused_total');
      respond(message, JSON.stringify({ taken: true }));
      return;
    }
    this.taking.take({
      batch: head,
      lines,
      answer: (receipt) => {
        respond(message, JSON.stringify(receipt));
        // All of it is stored.
        giveBack(message.data);
      },
      fail: (error) => {
        if (!isUnreachable(error)) this.onFault(error);
      },
    });
  }
}

function readHead(text: string) {
  try {
    return logBatchSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function bytesOf(parts: readonly LogPart[]): number {
  return parts.reduce((sum, part) => sum + bytesOfPart(part), 0);
}
