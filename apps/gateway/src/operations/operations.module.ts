import { Module } from '@nestjs/common';
import { Backend } from '../nats/backend.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { CreateJobFromBody } from './commands/create-job-from-body.js';
import { OperationsController } from './http/operations.controller.js';

/** Actions by name: `POST /job-operations` and `POST /error-operations`. */
@Module({
  imports: [UploadsModule],
  controllers: [OperationsController],
  providers: [
    { provide: CreateJobFromBody, inject: [Backend], useFactory: (backend: Backend) => new CreateJobFromBody(backend) },
  ],
})
export class OperationsModule {}
