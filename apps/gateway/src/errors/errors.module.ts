import { Module } from '@nestjs/common';
import { ErrorsController } from './http/errors.controller.js';

/** `GET /v1/errors`, `/v1/error-groups` and `/v1/retry-configs`. */
@Module({ controllers: [ErrorsController] })
export class ErrorsModule {}
