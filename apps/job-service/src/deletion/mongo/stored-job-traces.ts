import { Injectable } from '@nestjs/common';
import { DeadLetterStore } from '@kintsugi/persistence';
import { AskedMoves } from '../../control/mongo/asked-moves.js';
import { IdempotencyStore } from '../../intake/mongo/idempotency-store.js';
import { WedgeWatch } from '../../wedges/wedge-watch.js';
import type { JobTraces } from '../job-traces.js';

/** What the database of job-service has of jobs beside their records and tasks. */
@Injectable()
export class StoredJobTraces implements JobTraces {
  constructor(
    private readonly keys: IdempotencyStore,
    private readonly asked: AskedMoves,
    private readonly deadLetters: DeadLetterStore,
    private readonly wedges: WedgeWatch,
  ) {}

  closeKeys(jobIds: readonly string[]): Promise<void> {
    return this.keys.noteDeleted(jobIds);
  }

  openKeys(jobIds: readonly string[]): Promise<void> {
    return this.keys.noteKept(jobIds);
  }

  async remove(jobIds: readonly string[]): Promise<void> {
    await this.asked.remove(jobIds);
    await this.deadLetters.removeAbout(jobIds);
    await this.wedges.forget(jobIds);
  }
}
