import { Module } from '@nestjs/common';
import { UploadsModule } from '../uploads/uploads.module.js';
import { TaskChecker } from './checking/task-checker.js';
import { CreateJobFromBody } from './commands/create-job-from-body.js';
import { OperationsController } from './http/operations.controller.js';

/** Actions by name: `POST /job-operations` and `POST /error-operations`. */
@Module({
  imports: [UploadsModule],
  controllers: [OperationsController],
  providers: [CreateJobFromBody, TaskChecker],
})
export class OperationsModule {}
