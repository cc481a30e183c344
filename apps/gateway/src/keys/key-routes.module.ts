import { Module } from '@nestjs/common';
import { AdministerKeys } from './commands/administer-keys.js';
import { KeysController } from './http/keys.controller.js';

/** `GET /v1/keys` and below. */
@Module({ controllers: [KeysController], providers: [AdministerKeys] })
export class KeyRoutesModule {}
