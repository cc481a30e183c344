import { Inject, Injectable } from '@nestjs/common';
import { ProblemError, type IncidentRecovery } from '@kintsugi/contracts';
import { LOGGER } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { AlertStore } from '../mongo/alert-store.js';

/** Whoever carries recoveries out. */
export abstract class Recoveries {
  /** Asks for one, and says what became of it. Throws a ProblemError where it is refused or nobody answers. */
  abstract start(recovery: IncidentRecovery): Promise<string>;
}

const atOnceMax = 10;

/** Starts the recoveries that incidents are owed. Each is asked for once: a crash in between leaves it as asked for. */
@Injectable()
export class RecoverIncidents {
  private underWay: Promise<void> | null = null;

  constructor(
    private readonly alerts: AlertStore,
    private readonly recoveries: Recoveries,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Begins with those that are owed now; a recovery that takes long keeps no look waiting. */
  begin(onFault: (error: unknown) => void): void {
    this.underWay ??= this.execute()
      .catch(onFault)
      .finally(() => (this.underWay = null));
  }

  private async execute(): Promise<void> {
    for (const { _id: id, name, recovery } of await this.alerts.owed(atOnceMax)) {
      if (recovery === null || !(await this.alerts.moveRecovery(id, 'owed', { ...recovery, state: 'asked' }))) continue;
      const ended = await this.start(recovery);
      await this.alerts.moveRecovery(id, 'asked', ended);
      this.logger.info({ incident: id, alert: name, ...ended }, 'An incident has started a recovery');
    }
  }

  private async start(recovery: IncidentRecovery): Promise<IncidentRecovery> {
    try {
      return { ...recovery, state: 'done', detail: await this.recoveries.start(recovery) };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      // Nobody was there to be asked: it is owed still.
      const isAway = error.code === 'SERVICE_UNAVAILABLE' || error.code === 'STORE_UNAVAILABLE';
      return { ...recovery, state: isAway ? 'owed' : 'failed', detail: error.message };
    }
  }
}
