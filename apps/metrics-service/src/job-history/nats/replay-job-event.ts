import { Injectable } from '@nestjs/common';
import type { JsMsg } from '@kintsugi/messaging';
import { RecordJobEvents } from '../commands/record-job-events.js';
import { factsOf } from '../domain/job-event.js';
import { readJobEvent } from './job-event-message.js';

/** Has the history take an event that it could not, once more. */
@Injectable()
export class ReplayJobEvent {
  constructor(private readonly recordJobEvents: RecordJobEvents) {}

  /** Resolves once what it tells is safe. */
  async execute(message: Pick<JsMsg, 'headers' | 'string'>): Promise<void> {
    const event = readJobEvent(message);
    if (!event) return;
    await new Promise<void>((acknowledge, fail) => {
      const delivery = { facts: factsOf(event), time: event.time, repeated: true, awaited: true, acknowledge, fail };
      this.recordJobEvents.take([delivery]).catch(fail);
    });
  }
}
