import { Inject, Injectable } from '@nestjs/common';
import { ProblemError, type IncidentRecovery } from '@kintsugi/contracts';
import { LOGGER } from '@kintsugi/hosting';
import { NobodyThereError } from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';
import { AlertStore } from '../mongo/alert-store.js';

/** Whoever carries recoveries out. */
export abstract class Recoveries {
  /**
   * Asks for one, and says what became of it. Throws a NobodyThereError where nobody was there to be asked, and another
   * ProblemError where it is refused or no answer came.
   */
  abstract start(recovery: IncidentRecovery): Promise<string>;
}

const atOnceMax = 10;

/** Answers that leave open whether what was asked for has begun. */
const openAnswers: readonly string[] = ['SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE'];

/** Starts the recoveries that incidents are owed. Each is asked for once: a crash or an answer that is lost leaves it as asked for. */
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
      this.logger.info({ incident: id, alert: name, ...ended }, 'An incident has asked for a recovery');
    }
  }

  private async start(recovery: IncidentRecovery): Promise<IncidentRecovery> {
    try {
      return { ...recovery, state: 'done', detail: await this.recoveries.start(recovery) };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return { ...recovery, state: stateAfter(error), detail: error.message };
    }
  }
}

/** Only what surely nobody was asked for is owed still: anything else may have begun, and must not begin twice. */
function stateAfter(error: ProblemError): IncidentRecovery['state'] {
  if (error instanceof NobodyThereError) return 'owed';
  return openAnswers.includes(error.code) ? 'asked' : 'failed';
}
