import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { ConsumerName } from '@kintsugi/contracts';
import type { JsMsg } from '@kintsugi/messaging';
import { CancelRecoveries } from '../commands/cancel-recoveries.js';
import { RecordFailures } from '../commands/record-failures.js';
import { RecordRecoveries } from '../commands/record-recoveries.js';
import { groupFacts, type TaskFact } from '../domain/task-facts.js';
import { readTaskFacts } from './read-task-facts.js';
import { SkippedEvents } from './skipped-events.js';

const consumer: ConsumerName = 'recovery-service-failures';

/** Facts that are written at once. */
const groupSize = 1000;
/** Well below the time after which the broker delivers a message again. */
const workingSignMs = 5_000;

/** Takes in what job-service tells of tasks and cancelled jobs, in batches. */
@Controller()
export class FailuresConsumer {
  constructor(
    private readonly recordFailures: RecordFailures,
    private readonly recordRecoveries: RecordRecoveries,
    private readonly cancelRecoveries: CancelRecoveries,
    private readonly skipped: SkippedEvents,
  ) {}

  @EventPattern(consumer)
  async take(@Payload() batch: JsMsg[]): Promise<void> {
    let signedAt = performance.now();
    for (const group of groupFacts(this.factsOf(batch), groupSize)) {
      if (group.kind === 'cancellation') await this.cancelRecoveries.execute(group.jobIds);
      else {
        if (group.failures.length > 0) await this.recordFailures.execute(group.failures);
        if (group.recoveries.length > 0) await this.recordRecoveries.execute(group.recoveries);
      }
      if (performance.now() - signedAt < workingSignMs) continue;
      signedAt = performance.now();
      for (const message of batch) message.working();
    }
  }

  /** What cannot be read is left out: it would not read better the next time, and nobody waits for an answer. */
  private *factsOf(batch: readonly JsMsg[]): Generator<TaskFact> {
    for (const message of batch) {
      const read = readTaskFacts(message);
      if ('facts' in read) yield* read.facts;
      else this.skipped.note(message, read.unreadable);
    }
  }
}
