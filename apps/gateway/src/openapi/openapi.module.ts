import { Module } from '@nestjs/common';
import { OpenApiController } from './http/openapi.controller.js';

/** What this API is, for programs and for people. */
@Module({ controllers: [OpenApiController] })
export class OpenApiModule {}
