import { headersOf } from '@kintsugi/messaging';
import type { DeadLetter } from '@kintsugi/persistence';

/** A message as it came, made of its dead letter. */
export class ReplayedMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: ReturnType<typeof headersOf>;
  readonly messageId: string | null;

  /** @param place where it stood in its stream, as `placeOf` says of a message */
  constructor(
    private readonly letter: Pick<DeadLetter, 'subject' | 'payload' | 'headers' | 'message_id'>,
    readonly place: string,
  ) {
    this.subject = letter.subject;
    this.data = new TextEncoder().encode(letter.payload);
    this.headers = headersOf(Object.fromEntries(letter.headers.map(({ name, value }) => [name, value])));
    this.messageId = letter.message_id;
  }

  string(): string {
    return this.letter.payload;
  }
}
