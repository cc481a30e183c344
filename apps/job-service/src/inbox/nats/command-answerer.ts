import { isReplySubject, subjects } from '@kintsugi/contracts';
import { replyWithProblem, type Bus, type FaultListener, type Subscription } from '@kintsugi/messaging';
import { isUnreachable } from '@kintsugi/persistence';
import { readCommand } from './command.consumer.js';

/**
 * Tells the sender of a malformed command what is wrong where it gave a reply subject. The stream's own receipt says
 * only that the message was stored, and the consumer that will refuse it never sees the reply subject.
 */
export class CommandAnswerer {
  private subscription: Subscription | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly onFault: FaultListener,
  ) {}

  start(): void {
    this.subscription = this.bus.subscribe(
      subjects.allCommands,
      (message) => {
        if (!message.reply || !isReplySubject(message.reply)) return;
        try {
          readCommand(message.subject, message.data);
        } catch (error) {
          replyWithProblem(message, error, this.onFault, isUnreachable);
        }
      },
      { queue: 'command-answerer' },
    );
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }
}
