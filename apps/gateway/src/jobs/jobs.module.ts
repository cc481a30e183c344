import { Module } from '@nestjs/common';
import { JobsController } from './http/jobs.controller.js';
import { RetriesController } from './http/retries.controller.js';

/** `GET /v1/jobs` and below, but for the events, and `POST /retry`. */
@Module({ controllers: [JobsController, RetriesController] })
export class JobsModule {}
