import { Module } from '@nestjs/common';
import { ControlModule } from './control/control.module.js';
import { DeletionModule } from './deletion/deletion.module.js';
import { DependenciesModule } from './dependencies/dependencies.module.js';
import { DiagnosisModule } from './diagnosis/diagnosis.module.js';
import { DirectoryModule } from './directory/directory.module.js';
import { DispatchModule } from './dispatch/dispatch.module.js';
import { ExternalModule } from './external/external.module.js';
import { InboxModule } from './inbox/inbox.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { JobServiceLifecycle } from './job-service-lifecycle.js';
import { JobsModule } from './jobs/jobs.module.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { ReconcileModule } from './reconcile/reconcile.module.js';
import { SchedulesModule } from './schedules/schedules.module.js';
import { StepsModule } from './steps/steps.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { WedgesModule } from './wedges/wedges.module.js';

const features = [
  ...[PlatformModule, OutboxModule, TasksModule, StepsModule, JobsModule, ExternalModule, DispatchModule],
  ...[DependenciesModule, WedgesModule, DirectoryModule, DiagnosisModule],
  ...[IntakeModule, ControlModule, InboxModule, DeletionModule, SchedulesModule, ReconcileModule],
];

/** The features of job-service, from the ground up; each imports only those before it. */
@Module({ imports: features, providers: [JobServiceLifecycle] })
export class JobServiceModule {}
