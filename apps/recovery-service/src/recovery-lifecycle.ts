import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { Store, leadByTurns } from '@kintsugi/persistence';
import { GroupRecoveryClock } from './group-recoveries/group-recovery-clock.js';
import { FinishSplits } from './groups/commands/finish-splits.js';
import { ForgetGroups } from './groups/commands/forget-groups.js';
import { JoinGroups } from './groups/commands/join-groups.js';
import { ReopenGroups } from './groups/commands/reopen-groups.js';
import { TellGroupEvents } from './groups/commands/tell-group-events.js';
import { Clock } from './platform/clock.js';
import { resendMsOf, type RecoveryServiceSettings } from './recovery-service.config.js';
import { RetryClock } from './retries/retry-clock.js';
import { ResendCommands } from './resends/commands/resend-commands.js';

const stopTimeoutMs = 3_000;
/** How often commands that have to go out again are looked for in the time after which they have to. */
const resendChecks = 10;
/** Between two looks for groups that nothing is left of. */
const forgetIntervalMs = 3_600_000;

/**
 * What one replica does for all while the others only consume and answer: it starts retries that are due, sends again
 * commands that may be lost, takes recoveries of groups further, and sees to groups of failures: joins those that were found to be
 * one, opens those whose time to be ignored is over, tells of those that are open again, and forgets those of long ago.
 */
@Injectable()
export class RecoveryLifecycle implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly retryClock: RetryClock,
    private readonly resendCommands: ResendCommands,
    private readonly joinGroups: JoinGroups,
    private readonly reopenGroups: ReopenGroups,
    private readonly tellGroupEvents: TellGroupEvents,
    private readonly finishSplits: FinishSplits,
    private readonly forgetGroups: ForgetGroups,
    private readonly groupRecoveries: GroupRecoveryClock,
    private readonly store: Store,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: RecoveryServiceSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** What is under way may end; what waits for a store that is away is left as a crash would leave it. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await Promise.race([this.running, delay(stopTimeoutMs, undefined, { ref: false })]);
  }

  private run(): Promise<void> {
    const options = { role: 'recovery-lifecycle', holder: this.settings.INSTANCE_ID };
    return leadByTurns(this.store, options, this.stopping.signal, (signal) => this.lead(signal));
  }

  private async lead(signal: AbortSignal): Promise<void> {
    const startedAt = this.clock.now();
    this.retryClock.start();
    const groupRecoveries = this.groupRecoveries.run(signal);
    let unsent = true;
    let forgetAt = 0;
    while (!signal.aborted) {
      try {
        if (unsent) await this.resendCommands.executeUnsent(startedAt, signal);
        unsent = false;
        await this.resendCommands.execute(signal);
      } catch (error) {
        this.logger.error({ error }, 'Commands could not be sent again; they are tried again');
      }
      const isTime = performance.now() >= forgetAt;
      if (isTime) forgetAt = performance.now() + forgetIntervalMs;
      // Groups that cannot be joined keep nobody from hearing of a failure that came back.
      const hourly = isTime ? [this.forgetGroups] : [];
      for (const chore of [this.joinGroups, this.reopenGroups, this.tellGroupEvents, this.finishSplits, ...hourly]) {
        try {
          await chore.execute(signal);
        } catch (error) {
          this.logger.error({ error }, 'Groups of failures could not be seen to; they are tried again');
        }
      }
      await delay(resendMsOf(this.settings) / resendChecks, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all([this.retryClock.stop(), groupRecoveries]);
  }
}
