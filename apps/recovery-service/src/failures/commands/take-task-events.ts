import { Injectable } from '@nestjs/common';
import { groupTaskEvents, type TaskEvent } from '../domain/task-events.js';
import { CancelRecoveries } from './cancel-recoveries.js';
import { RecordFailures } from './record-failures.js';
import { RecordFaults } from './record-faults.js';
import { RecordRecoveries } from './record-recoveries.js';

/** Task events that are written at once. */
const groupSize = 1000;

/** Takes in what job-service tells of tasks and of jobs that were cancelled or had a fault. */
@Injectable()
export class TakeTaskEvents {
  constructor(
    private readonly recordFailures: RecordFailures,
    private readonly recordRecoveries: RecordRecoveries,
    private readonly cancelRecoveries: CancelRecoveries,
    private readonly recordFaults: RecordFaults,
  ) {}

  async execute(taskEvents: readonly TaskEvent[]): Promise<void> {
    for (const group of groupTaskEvents(taskEvents, groupSize)) {
      if (group.kind === 'cancellation') await this.cancelRecoveries.execute(group.jobIds);
      else if (group.kind === 'faults') await this.recordFaults.execute(group.faults);
      else {
        if (group.failures.length > 0) await this.recordFailures.execute(group.failures);
        if (group.recoveries.length > 0) await this.recordRecoveries.execute(group.recoveries);
      }
    }
  }
}
