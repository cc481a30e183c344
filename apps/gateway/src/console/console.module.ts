import { Module } from '@nestjs/common';
import { ConsoleDoor } from './http/console-door.js';

/** The pages for people: their files, and the sessions of browsers. */
@Module({ providers: [ConsoleDoor] })
export class ConsoleModule {}
