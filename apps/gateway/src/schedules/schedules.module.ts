import { Module } from '@nestjs/common';
import { SchedulesController } from './http/schedules.controller.js';

/** `GET /v1/schedules` and below. */
@Module({ controllers: [SchedulesController] })
export class SchedulesModule {}
