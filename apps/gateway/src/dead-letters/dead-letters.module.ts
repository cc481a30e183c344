import { Module } from '@nestjs/common';
import { DeadLettersController } from './http/dead-letters.controller.js';
import { ReadDeadLetters } from './queries/read-dead-letters.js';

/** `GET /v1/dead-letters` and below. */
@Module({ controllers: [DeadLettersController], providers: [ReadDeadLetters] })
export class DeadLettersModule {}
