import { SettingsError } from './settings.js';

export interface MessageNeed {
  /** Bytes of the largest message that the process sends or gets. */
  bytes: number;
  /** What such a message is, in words. */
  of: string;
  /** What else than the server could be changed, if anything. */
  orElse?: string;
}

/** Refuses a NATS server that takes no messages as large as this process needs, before one of them is lost to it. */
export function requireMessageBytes(bus: { messageBytesMax: number }, need: MessageNeed): void {
  const { messageBytesMax } = bus;
  if (messageBytesMax >= need.bytes) return;
  throw new SettingsError(
    `The NATS server takes messages of ${messageBytesMax} bytes at most, and ${need.of} may be ${need.bytes}.\n` +
      `Set \`max_payload: ${need.bytes}\` in the configuration of nats-server${need.orElse ? `, or ${need.orElse}` : ''}.`,
  );
}
