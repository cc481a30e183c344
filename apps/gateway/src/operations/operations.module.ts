import { Module } from '@nestjs/common';
import { TaskReading } from '../http/task-reading.js';
import { Backend } from '../nats/backend.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { TaskChecker } from './checking/task-checker.js';
import { CreateJobFromBody } from './commands/create-job-from-body.js';
import { OperationsController } from './http/operations.controller.js';

/** Actions by name: `POST /job-operations` and `POST /error-operations`. */
@Module({
  imports: [UploadsModule],
  controllers: [OperationsController],
  providers: [
    {
      provide: CreateJobFromBody,
      inject: [Backend, TaskReading, TaskChecker],
      useFactory: (backend: Backend, reading: TaskReading, checker: TaskChecker) =>
        new CreateJobFromBody(backend, reading, checker),
    },
  ],
})
export class OperationsModule {}
