import { Injectable } from '@nestjs/common';
import { errorRecordIdOf } from '@kintsugi/contracts';
import { Metrics } from '@kintsugi/observability';
import { mayMove } from '../../records/domain/record-lifecycle.js';
import { recoveryMethodOf } from '../../records/domain/recovery-attempt.js';
import type { Recovery } from '../domain/task-events.js';
import { ErrorRecords, type TaskRecovery } from '../../records/error-records.js';

/** Ends the records of tasks that have succeeded after a failure. */
@Injectable()
export class RecordRecoveries {
  constructor(
    private readonly records: ErrorRecords,
    private readonly metrics: Metrics,
  ) {}

  /** @param recoveries of different tasks */
  async execute(recoveries: readonly Pick<Recovery, 'task_id' | 'attempt' | 'verified'>[]): Promise<void> {
    if (recoveries.length === 0) return;
    const found = await this.records.standings(recoveries.map(({ task_id }) => errorRecordIdOf(task_id)));
    const healed: TaskRecovery[] = [];
    const methods: string[] = [];
    for (const { task_id, attempt, verified } of recoveries) {
      const record = found.get(errorRecordIdOf(task_id));
      if (!record || record.attempt > attempt || !mayMove(record.phase, 'recover')) continue;
      healed.push({ _id: record._id, timestamp: record.timestamp, attempt, ...(verified ? { verified } : {}) });
      methods.push(recoveryMethodOf(record.recovery_attempts));
    }
    await this.records.recover(healed);
    for (const method of methods) this.metrics.count('kintsugi_recoveries_total', { method });
  }
}
