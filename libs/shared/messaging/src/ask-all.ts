import { after } from '@kintsugi/boundary';
import { createInbox, type Msg } from '@nats-io/nats-core';
import type { Bus } from './bus.js';

type AskingBus = Pick<Bus, 'publish' | 'subscribe' | 'state' | 'connection'>;

/** Answers beyond this many are not kept. */
const answersMax = 1_000;

export interface AskAllOptions {
  timeoutMs: number;
  /** True once the answers so far are all that is needed; otherwise the whole time is waited. */
  enough?: (answers: readonly Msg[]) => boolean;
}

/** Asks every process that listens on a subject at once, and gives what was answered in time. It never fails: silence is an empty list. */
export function askAll(bus: AskingBus, subject: string, { timeoutMs, enough }: AskAllOptions): Promise<Msg[]> {
  return new Promise((resolve) =>
    hearAll(bus, subject, timeoutMs, { isLast: (answers) => enough?.(answers) ?? false, onOver: resolve }),
  );
}

/**
 * Asks the same question again and again, and need not wait the whole time for an answer: by default it is over once as many have
 * answered as did the last time. Whoever comes too late for that is heard all the same, and waited for the next time; whoever is gone
 * is waited for once.
 */
export class RollCall {
  private expected = Infinity;

  constructor(
    private readonly bus: AskingBus,
    private readonly subject: string,
    private readonly timeoutMs: number,
  ) {}

  /** @param isEnough whether the answers so far do; `asManyAsBefore` have answered where it is true */
  ask(isEnough = (_: readonly Msg[], asManyAsBefore: boolean): boolean => asManyAsBefore): Promise<Msg[]> {
    return new Promise((resolve) => {
      let isTold = false;
      hearAll(this.bus, this.subject, this.timeoutMs, {
        isLast: (answers) => {
          const asManyAsBefore = answers.length >= this.expected;
          if (asManyAsBefore) this.expected = answers.length;
          // Whoever asks may read all answers for it: those that come later change nothing.
          if (isTold || !isEnough(answers, asManyAsBefore)) return false;
          isTold = true;
          resolve([...answers]);
          return false;
        },
        onOver: (answers) => {
          // Where nobody could be heard, nobody is known to have gone.
          if (answers.length > 0) this.expected = answers.length;
          resolve(answers);
        },
      });
    });
  }
}

interface Hearing {
  /** Asked with each answer: whether no more has to be heard. */
  isLast: (answers: readonly Msg[]) => boolean;
  /** Called once: with the last answer, when the time is over or where nobody is there. */
  onOver: (answers: Msg[]) => void;
}

function hearAll(bus: AskingBus, subject: string, timeoutMs: number, { isLast, onOver }: Hearing): void {
  if (bus.state === 'down' || bus.connection.isClosed()) return onOver([]);
  const answers: Msg[] = [];
  const inbox = createInbox();
  const finish = (): void => {
    clearTimeout(timer);
    subscription.unsubscribe();
    onOver(answers);
  };
  const timer = after('ask-all', timeoutMs, finish);
  const subscription = bus.subscribe(inbox, (message) => {
    // An empty message with a status comes from the server: nobody listens.
    if (message.data.length === 0 && message.headers?.hasError) return finish();
    if (answers.length < answersMax) answers.push(message);
    if (isLast(answers)) finish();
  });
  bus.publish(subject, '', { reply: inbox });
}
