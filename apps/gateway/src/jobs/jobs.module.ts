import { Module } from '@nestjs/common';
import { JobsController } from './http/jobs.controller.js';

/** `GET /v1/jobs` and below, but for the events. */
@Module({ controllers: [JobsController] })
export class JobsModule {}
