import { Module } from '@nestjs/common';
import { WebhooksController } from './http/webhooks.controller.js';

/** `GET /v1/webhooks` and below. */
@Module({ controllers: [WebhooksController] })
export class WebhooksModule {}
