import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError, serviceActor } from '@kintsugi/contracts';
import { callAction, ownOrigin, type Bus } from '@kintsugi/messaging';
import type { AuditNote } from '@kintsugi/persistence/audit';
import type { CallLog } from './audited-calls.js';

const againMs = 500;

/** Has recovery-service write it into its chain, for a service without a database. What was cut off gets its end there. */
export class AuditElsewhere implements CallLog {
  constructor(
    private readonly bus: Bus,
    private readonly name: string,
    private readonly instance: string,
  ) {}

  async append(note: AuditNote): Promise<{ seq: number }> {
    const { seq } = await this.keep(note, false).catch((error: unknown) => {
      throw error instanceof ProblemError && error.code === 'SERVICE_UNAVAILABLE' ? notWritten(error) : error;
    });
    if (seq === null) throw new Error('What was not sent before is there.');
    return { seq };
  }

  async appendSurely(note: AuditNote): Promise<void> {
    for (let again = false; ; again = true) {
      try {
        await this.keep(note, again);
        return;
      } catch (error) {
        if (!(error instanceof ProblemError) || !error.retryable) throw error;
        await delay(againMs, undefined, { ref: false });
      }
    }
  }

  private keep(said: AuditNote, again: boolean): Promise<{ seq: number | null }> {
    // Only replicas of one service differ by their names: recovery-service may have the same, and would take these calls for its own.
    const note = { ...said, instance: `${this.name}/${this.instance}` };
    return callAction(this.bus, 'keepAudit', { note, again }, { origin: ownOrigin(serviceActor(this.name)) });
  }
}

/** Unlike one of the service that was asked, this is before anything was done. */
function notWritten({ message }: ProblemError): ProblemError {
  return new ProblemError('STORE_UNAVAILABLE', `The audit could not be written, so nothing was done. ${message}`, {
    retry_after: 1,
  });
}
