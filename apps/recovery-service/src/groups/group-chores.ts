import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { Stillness } from '../platform/stillness.js';
import { resendMsOf, type ResendSettings } from '../recovery-service.config.js';
import { FinishSplits } from './commands/finish-splits.js';
import { ForgetGroups } from './commands/forget-groups.js';
import { JoinGroups } from './commands/join-groups.js';
import { ReopenGroups } from './commands/reopen-groups.js';
import { TellGroupEvents } from './commands/tell-group-events.js';

/** How often groups are seen to in the time after which commands are sent again. */
const looks = 10;
/** Between two parts of a look for groups that nothing is left of, and between two such looks. */
const forgetStepMs = 1_000;
const forgetIntervalMs = 3_600_000;

/**
 * Sees to the groups of failures for as long as this replica leads: joins those that were found to be one, opens those whose time
 * to be ignored is over, tells of those that are open again, moves what was split, and forgets those of long ago. One that takes
 * long, or cannot be done, holds up none of the others.
 */
@Injectable()
export class GroupChores {
  private readonly intervalMs: number;

  constructor(
    private readonly joinGroups: JoinGroups,
    private readonly reopenGroups: ReopenGroups,
    private readonly tellGroupEvents: TellGroupEvents,
    private readonly finishSplits: FinishSplits,
    private readonly forgetGroups: ForgetGroups,
    private readonly stillness: Stillness,
    @Inject(SETTINGS) settings: ResendSettings,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'error'>,
  ) {
    this.intervalMs = resendMsOf(settings) / looks;
  }

  async run(signal: AbortSignal): Promise<void> {
    const often = [this.joinGroups, this.reopenGroups, this.tellGroupEvents, this.finishSplits].map((chore) =>
      this.repeat(signal, async () => {
        // What one of them does may be for another to go on with, and there may be more of it.
        if (await chore.execute(signal)) this.stillness.noteMovement();
        return this.intervalMs;
      }),
    );
    const seldom = this.repeat(signal, async () => ((await this.forgetGroups.execute(signal)) ? forgetStepMs : forgetIntervalMs));
    await Promise.all([...often, seldom]);
  }

  /** @param act gives after which time it is done again */
  private async repeat(signal: AbortSignal, act: () => Promise<number>): Promise<void> {
    while (!signal.aborted) {
      const restMs = await act().catch((error: unknown) => {
        this.logger.error({ error }, 'Groups of failures could not be seen to; they are tried again');
        return this.intervalMs;
      });
      await this.stillness.pause(restMs, signal);
    }
  }
}
