import { Module } from '@nestjs/common';
import { AlertsController } from './http/alerts.controller.js';

/** `GET /v1/alerts`, and of conditions and silences. */
@Module({ controllers: [AlertsController] })
export class AlertsModule {}
