import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { Store, leadByTurns } from '@kintsugi/persistence';
import { HourLaying } from './analysis/hour-laying.js';
import { GroupRecoveryClock } from './group-recoveries/group-recovery-clock.js';
import { GroupChores } from './groups/group-chores.js';
import { Clock } from './platform/clock.js';
import { Stillness } from './platform/stillness.js';
import { resendMsOf, type RecoveryServiceSettings } from './recovery-service.config.js';
import { RetryClock } from './retries/retry-clock.js';
import { ResendCommands } from './resends/commands/resend-commands.js';

const stopTimeoutMs = 3_000;
/** How often commands that have to go out again are looked for in the time after which they have to. */
const resendChecks = 10;

/**
 * What one replica does for all while the others only consume and answer: it starts retries that are due, sends again
 * commands that may be lost, takes recoveries of groups further, sees to groups of failures, and lays down hours for analyses. None of these waits for another:
 * a task stands still for as long as its command is lost.
 */
@Injectable()
export class RecoveryLifecycle implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly retryClock: RetryClock,
    private readonly resendCommands: ResendCommands,
    private readonly groupChores: GroupChores,
    private readonly groupRecoveries: GroupRecoveryClock,
    private readonly hourLaying: HourLaying,
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly stillness: Stillness,
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
    const sending = this.resend(startedAt, signal).then(() => this.retryClock.stop());
    const others = [this.groupChores, this.groupRecoveries, this.hourLaying].map((chore) => chore.run(signal));
    await Promise.all([sending, ...others]);
  }

  private async resend(startedAt: number, signal: AbortSignal): Promise<void> {
    let unsent = true;
    while (!signal.aborted) {
      let nextAt: number | null = null;
      try {
        if (unsent) await this.resendCommands.executeUnsent(startedAt, signal);
        unsent = false;
        nextAt = await this.resendCommands.execute(signal);
      } catch (error) {
        this.logger.error({ error }, 'Commands could not be sent again; they are tried again');
      }
      const dueInMs = nextAt === null ? Infinity : nextAt - this.clock.now();
      await this.stillness.pause(resendMsOf(this.settings) / resendChecks, signal, dueInMs);
    }
  }
}
