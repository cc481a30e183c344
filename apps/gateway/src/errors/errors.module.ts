import { Module } from '@nestjs/common';
import { ErrorsController } from './http/errors.controller.js';
import { GroupRecoveriesController } from './http/group-recoveries.controller.js';
import { GroupsController } from './http/groups.controller.js';

/** `GET /v1/errors`, `/v1/error-groups`, `/v1/groups`, `/v1/group-recoveries` and `/v1/retry-configs`. */
@Module({ controllers: [ErrorsController, GroupRecoveriesController, GroupsController] })
export class ErrorsModule {}
