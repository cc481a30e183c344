import { Module } from '@nestjs/common';
import { failedDeliveries } from '@kintsugi/hosting';
import { GroupsModule } from '../groups/groups.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { RecordsModule } from '../records/records.module.js';
import { RetriesModule } from '../retries/retries.module.js';
import { TaskCommandsModule } from '../task-commands/task-commands.module.js';
import { CancelRecoveries } from './commands/cancel-recoveries.js';
import { RecordFaults } from './commands/record-faults.js';
import { RecordFailures } from './commands/record-failures.js';
import { RecordRecoveries } from './commands/record-recoveries.js';
import { FailureJudge } from './failure-judge.js';
import { FailuresConsumer } from './nats/failures.consumer.js';

/** What becomes of failures that job-service tells of, and of tasks that recover. */
@Module({
  imports: [RecordsModule, GroupsModule, PoliciesModule, TaskCommandsModule, RetriesModule],
  controllers: [FailuresConsumer],
  providers: [failedDeliveries, FailureJudge, RecordFailures, RecordRecoveries, CancelRecoveries, RecordFaults],
  exports: [RecordRecoveries],
})
export class FailuresModule {}
