import { after } from '@kintsugi/boundary';
import { createInbox, type Msg } from '@nats-io/nats-core';
import type { Bus } from './bus.js';

export interface AskAllOptions {
  timeoutMs: number;
  /** True once the answers so far are all that is needed; otherwise the whole time is waited. */
  enough?: (answers: readonly Msg[]) => boolean;
}

/** Answers beyond this many are not kept. */
const answersMax = 1_000;

/** Asks every process that listens on a subject at once, and gives what was answered in time. It never fails: silence is an empty list. */
export async function askAll(bus: Bus, subject: string, options: AskAllOptions): Promise<Msg[]> {
  if (bus.state === 'down' || bus.connection.isClosed()) return [];
  const answers: Msg[] = [];
  const inbox = createInbox();
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      subscription.unsubscribe();
      resolve();
    };
    const timer = after('ask-all', options.timeoutMs, finish);
    const subscription = bus.subscribe(inbox, (message) => {
      // An empty message with a status comes from the server: nobody listens.
      if (message.data.length === 0 && message.headers?.hasError) return finish();
      if (answers.length < answersMax) answers.push(message);
      if (options.enough?.(answers)) finish();
    });
    bus.publish(subject, '', { reply: inbox });
  });
  return answers;
}
