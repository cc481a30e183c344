import { Module } from '@nestjs/common';
import { DeadLetters, Faults, KeptDeadLetters, deadLettersControllerOf, failedDeliveries } from '@kintsugi/hosting';
import { DeadLetterStore } from '@kintsugi/persistence';
import { GroupsModule } from '../groups/groups.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { RecordsModule } from '../records/records.module.js';
import { RetriesModule } from '../retries/retries.module.js';
import { TaskCommandsModule } from '../task-commands/task-commands.module.js';
import { CancelRecoveries } from './commands/cancel-recoveries.js';
import { RecordFaults } from './commands/record-faults.js';
import { RecordFailures } from './commands/record-failures.js';
import { RecordRecoveries } from './commands/record-recoveries.js';
import { TakeTaskEvents } from './commands/take-task-events.js';
import { FailureJudge } from './failure-judge.js';
import { FailuresConsumer } from './nats/failures.consumer.js';
import { readTaskEvents } from './nats/read-task-events.js';

const deadLetters = {
  provide: DeadLetters,
  inject: [DeadLetterStore, TakeTaskEvents, Faults],
  useFactory: (store: DeadLetterStore, take: TakeTaskEvents, { report: onFault }: Faults) =>
    new DeadLetters([
      new KeptDeadLetters({
        ...{ service: 'recovery', consumer: 'recovery-service-failures', store, onFault },
        handle: async (message) => {
          const read = readTaskEvents(message);
          if ('unreadable' in read) throw read.unreadable;
          await take.execute(read.taskEvents);
        },
      }),
    ]),
};

/** What becomes of failures that job-service tells of, and of tasks that recover. */
@Module({
  imports: [RecordsModule, GroupsModule, PoliciesModule, TaskCommandsModule, RetriesModule],
  controllers: [FailuresConsumer, deadLettersControllerOf('recovery')],
  providers: [
    ...[failedDeliveries, deadLetters, FailureJudge],
    ...[RecordFailures, RecordRecoveries, CancelRecoveries, RecordFaults, TakeTaskEvents],
  ],
  exports: [RecordRecoveries],
})
export class FailuresModule {}
