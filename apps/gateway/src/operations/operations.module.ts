import { Module } from '@nestjs/common';
import { UploadsModule } from '../uploads/uploads.module.js';
import { TaskChecker } from './checking/task-checker.js';
import { CreateJobFromBody } from './commands/create-job-from-body.js';
import { OperationsDoor } from './http/operations-door.js';

/** Actions by name: `POST /job-operations`, `/error-operations` and `/pool-operations`. */
@Module({
  imports: [UploadsModule],
  providers: [OperationsDoor, CreateJobFromBody, TaskChecker],
})
export class OperationsModule {}
