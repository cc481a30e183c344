import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { AdvanceRecovery } from './commands/advance-recovery.js';
import { ForgetOldItems } from './commands/forget-old-items.js';
import { GroupRecoveries } from './group-recoveries.js';

/** Between two steps of a recovery. */
const stepIntervalMs = 200;
/** Between two looks for recoveries where none is under way. */
const restIntervalMs = 1_000;
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
    private readonly forgetOldItems: ForgetOldItems,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    let forgetAt = 0;
    while (!signal.aborted) {
      let restMs = restIntervalMs;
      try {
        const now = performance.now();
        if (now >= forgetAt) {
          await this.forgetOldItems.execute();
          forgetAt = now + forgetIntervalMs;
        }
        if ((await this.step(signal)) > 0) restMs = stepIntervalMs;
      } catch (error) {
        this.logger.error({ error }, 'Recoveries of groups could not be looked for; they are looked for again');
      }
      await delay(restMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One step of each; a fault of one holds up no other. Gives how many there are. */
  async step(signal: AbortSignal): Promise<number> {
    const active = await this.recoveries.active(activeRecoveriesMax);
    for (const recovery of active) {
      if (signal.aborted) break;
      try {
        await this.advance.execute(recovery);
      } catch (error) {
        this.logger.error({ error, recovery: recovery._id }, 'The recovery of a group could not go on; it is tried again');
      }
    }
    return active.length;
  }
}
