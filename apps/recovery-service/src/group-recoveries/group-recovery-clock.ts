import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { Stillness } from '../platform/stillness.js';
import { AdvanceRecovery } from './commands/advance-recovery.js';
import { AwaitConditions } from './commands/await-conditions.js';
import { ForgetOldItems } from './commands/forget-old-items.js';
import { GroupRecoveries } from './group-recoveries.js';
import { RecoveryBell } from './recovery-bell.js';

/** Between two steps of a recovery. */
const stepIntervalMs = 200;
/** Between two looks at what the others wait for. */
const lookIntervalMs = 2_000;
/** Between two looks where there is none: what begins in this replica rings, so that only those of others are found by them. */
const restIntervalMs = 5_000;
const errorIntervalMs = 1_000;
const forgetIntervalMs = 3_600_000;

/** Recoveries that may be under way at once, in all and of one tenant. */
export const activeRecoveriesMax = 1_000;
export const activeRecoveriesOfTenantMax = 100;

/** Has each recovery of a group take its steps, for as long as this replica leads. What one needs is on disk between two steps. */
@Injectable()
export class GroupRecoveryClock {
  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly advance: AdvanceRecovery,
    private readonly conditions: AwaitConditions,
    private readonly forgetOldItems: ForgetOldItems,
    private readonly bell: RecoveryBell,
    private readonly stillness: Stillness,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    stillness.onEnd(() => bell.ring());
  }

  /** What others are asked about those that wait may take long: it keeps none that is under way from its next step. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.runSteps(signal), this.runLooks(signal)]);
  }

  /** One step of each; a fault of one holds up no other. Gives how many there are. */
  async step(signal: AbortSignal): Promise<number> {
    const running = await this.recoveries.running(activeRecoveriesMax);
    for (const recovery of running) {
      if (signal.aborted) break;
      try {
        await this.advance.execute(recovery);
      } catch (error) {
        this.logger.error({ error, recovery: recovery._id }, 'The recovery of a group could not go on; it is tried again');
      }
    }
    return running.length;
  }

  /** One look for each that waits. Gives how many there are. */
  async look(signal: AbortSignal): Promise<number> {
    const waiting = await this.recoveries.waiting(activeRecoveriesMax);
    await this.conditions.execute(waiting, signal);
    return waiting.length;
  }

  private async runSteps(signal: AbortSignal): Promise<void> {
    const complaint = 'Recoveries of groups could not be looked for; they are looked for again';
    let forgetAt = 0;
    await this.repeat(signal, complaint, async () => {
      const now = performance.now();
      if (now >= forgetAt) {
        await this.forgetOldItems.execute();
        forgetAt = now + forgetIntervalMs;
      }
      return (await this.step(signal)) > 0 ? stepIntervalMs : this.restMs;
    });
  }

  private async runLooks(signal: AbortSignal): Promise<void> {
    const complaint = 'Recoveries that wait could not be looked for; they are looked for again';
    await this.repeat(signal, complaint, async () => ((await this.look(signal)) > 0 ? lookIntervalMs : this.restMs));
  }

  private get restMs(): number {
    return this.stillness.stretched(restIntervalMs);
  }

  /** @param act gives after which time it is done again */
  private async repeat(signal: AbortSignal, complaint: string, act: () => Promise<number>): Promise<void> {
    while (!signal.aborted) {
      // What rings while it acts may have come too late for it, and ends the pause that follows.
      const { heard } = this.bell;
      const restMs = await act().catch((error: unknown) => {
        this.logger.error({ error }, complaint);
        return errorIntervalMs;
      });
      await this.bell.pause(restMs, heard, signal);
    }
  }
}
