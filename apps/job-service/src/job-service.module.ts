import type { DynamicModule } from '@nestjs/common';
import { EXIT_CONFIG } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { DeadLetterStore } from '@kintsugi/persistence';
import { CancelJob } from './control/commands/cancel-job.js';
import { ControlController } from './control/nats/control.controller.js';
import { Faults } from './faults.js';
import { ApplyRecovery } from './inbox/commands/apply-recovery.js';
import { CommandReader } from './inbox/command-reader.js';
import { CommandConsumer } from './inbox/nats/command.consumer.js';
import { AcceptJob } from './intake/commands/accept-job.js';
import { ChunkedIntake } from './intake/commands/chunked-intake.js';
import { Staging } from './intake/commands/staging.js';
import { IntakeController } from './intake/nats/intake.controller.js';
import { assembleJobService, type JobServiceContext } from './assemble-job-service.js';
import { JobServiceDuties } from './job-service-duties.js';
import { RecordedJobs } from './jobs/mongo/recorded-jobs.js';
import { TaskStandings } from './jobs/mongo/task-standings.js';
import { JobsController } from './jobs/nats/jobs.controller.js';
import { JobReader } from './jobs/queries/job-reader.js';
import { ListTasks } from './jobs/queries/list-tasks.js';

/** The doors of job-service, and what stands behind them. */
export class JobServiceModule {
  static with(context: JobServiceContext): DynamicModule {
    const { logger } = context;
    const parts = assembleJobService(context, (sameName) => {
      const instance_id = context.settings.INSTANCE_ID;
      if (sameName) logger.fatal({ instance_id }, 'Another process leads under the same INSTANCE_ID; give each its own.');
      else logger.fatal('Another replica leads now; this one starts anew.');
      process.exit(sameName ? EXIT_CONFIG : 1);
    });
    return {
      module: JobServiceModule,
      controllers: [IntakeController, JobsController, ControlController, CommandConsumer],
      providers: [
        { provide: Bus, useValue: context.bus },
        { provide: Metrics, useValue: context.metrics },
        { provide: Faults, useValue: new Faults(context.onFault) },
        { provide: CommandReader, useValue: parts.commandReader },
        { provide: AcceptJob, useValue: parts.acceptJob },
        { provide: Staging, useValue: parts.staging },
        { provide: ChunkedIntake, useValue: parts.chunked },
        { provide: JobReader, useValue: parts.reader },
        { provide: ListTasks, useValue: parts.listTasks },
        { provide: TaskStandings, useValue: new TaskStandings(context.store) },
        { provide: RecordedJobs, useValue: new RecordedJobs(context.store) },
        { provide: CancelJob, useValue: parts.cancelJob },
        { provide: ApplyRecovery, useValue: parts.recovery },
        { provide: DeadLetterStore, useValue: parts.letters },
        { provide: JobServiceDuties, useValue: new JobServiceDuties(parts, context.store, logger) },
      ],
    };
  }
}
