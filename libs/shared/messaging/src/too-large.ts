import { InvalidArgumentError } from '@nats-io/nats-core';

/** Whether an error says that a message was not sent because the server takes none so large. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof InvalidArgumentError && error.message.includes('max_payload');
}
