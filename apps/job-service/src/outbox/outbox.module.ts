import { Module } from '@nestjs/common';
import { OutboxRelay } from './outbox-relay.js';

/** The way of promised events to the broker. */
@Module({ providers: [OutboxRelay], exports: [OutboxRelay] })
export class OutboxModule {}
