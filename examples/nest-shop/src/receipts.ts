import { Injectable } from '@nestjs/common';
import { OnJobEvent, TaskHandler } from '@kintsugi/nestjs';
import { NonRetryable, type EventOfJob, type PayloadOutput, type TaskContext } from '@kintsugi/worker-sdk';
import { sendReceipt } from './send-receipt.js';

/** Sends receipts, and remembers those that could not be sent. */
@Injectable()
export class Receipts {
  readonly unsent = new Set<string>();

  @TaskHandler(sendReceipt)
  send({ task, log }: TaskContext<PayloadOutput<typeof sendReceipt>>) {
    const { to, total } = task.payload;
    if (to.endsWith('@blocked.example')) throw new NonRetryable(`${to} takes no mail.`, { error_type: 'mail.blocked' });
    log(`${total.toFixed(2)} to ${to}`);
    return { sent_to: to };
  }

  @OnJobEvent('job.failed')
  remember({ data }: EventOfJob<'job.failed'>): void {
    this.unsent.add(data.job_id);
  }
}
