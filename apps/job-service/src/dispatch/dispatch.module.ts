import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { StepsModule } from '../steps/steps.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { AbortJob } from './abort-job.js';
import { CancelTasks } from './cancel-tasks.js';
import { Dispatcher } from './dispatcher.js';
import { WorkerRoster } from './domain/worker-roster.js';
import { JobClock } from './job-clock.js';
import { EraseTasks } from './erase-tasks.js';
import { KeepStep } from './keep-step.js';
import { KeyLimits } from './key-limits.js';
import { LeaseBook } from './lease-book.js';
import { QueuesController } from './nats/queues.controller.js';
import { StepsController } from './nats/steps.controller.js';
import { WorkSender } from './nats/work-sender.js';
import { WorkerListener } from './nats/worker-listener.js';
import { OpenTasks } from './open-tasks.js';
import { PauseTasks } from './pause-tasks.js';
import { PrioritiseTasks } from './prioritise-tasks.js';
import { ReadyQueues } from './ready-queues.js';
import { ResourceRoom } from './resource-room.js';
import { TakeOverLeases } from './take-over-leases.js';
import { TaskEngine } from './task-engine.js';
import { UnservedQueues } from './unserved-queues.js';
import { WorkerWatch } from './worker-watch.js';

const parts = [
  ...[
    KeyLimits,
    LeaseBook,
    ResourceRoom,
    ReadyQueues,
    TaskEngine,
    Dispatcher,
    TakeOverLeases,
    CancelTasks,
    PauseTasks,
    PrioritiseTasks,
    EraseTasks,
    KeepStep,
  ],
  ...[WorkerListener, UnservedQueues, OpenTasks, JobClock, AbortJob],
];

/** Tasks and workers: who gets what, who holds what, and who is lost. */
@Module({
  imports: [TasksModule, StepsModule, JobsModule],
  controllers: [QueuesController, StepsController],
  providers: [{ provide: WorkerRoster, useFactory: () => new WorkerRoster() }, WorkSender, WorkerWatch, ...parts],
  exports: [WorkerRoster, WorkerWatch, ...parts],
})
export class DispatchModule {}
