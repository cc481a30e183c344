import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import { tasksPerCommand, CommandSender } from '../../task-commands/command-sender.js';
import { RetryTimers } from '../retry-timers.js';
import { Clock } from '../../platform/clock.js';
import { resendMsOf, type ResendSettings } from '../../recovery-service.config.js';

/**
 * Orders retries whose time has come, one command's worth at a time. The timer ends after the broker has the order: a
 * crash between the two orders it twice, which job-service tells by the attempt, and never not at all.
 */
@Injectable()
export class StartDueRetries {
  constructor(
    private readonly timers: RetryTimers,
    private readonly sender: CommandSender,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: ResendSettings,
  ) {}

  /** Gives when to come again, in epoch milliseconds: at once where there may be more, or null when nothing is scheduled. */
  async execute(): Promise<number | null> {
    const now = this.clock.now();
    const next = await this.timers.nextDueAt();
    const nextAt = next === null ? null : Date.parse(next);
    // Most looks find nothing: they cost one question.
    if (nextAt === null || nextAt > now) return nextAt;
    const at = new Date(now).toISOString();
    const due = await this.timers.due(at, tasksPerCommand);
    const retryTasks = due.map(({ task_id, attempt }) => ({ task_id, attempt }));
    await this.sender.send({ deferTasks: [], discardTasks: [], retryTasks, requeueTasks: new Map() });
    for (const { next_retry_at } of due) {
      this.metrics.observe('kintsugi_retry_lag_seconds', Math.max(0, now - Date.parse(next_retry_at)) / 1000);
    }
    await this.timers.markStarted(due, at, new Date(now + resendMsOf(this.settings)).toISOString());
    return now;
  }
}
