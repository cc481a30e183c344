import type { OutgoingCommand } from '@kintsugi/messaging';

/** The way of commands to job-service: what it has taken gets there, unless the broker loses its files. */
export abstract class CommandQueue {
  /** Resolves once the broker has the command. */
  abstract publish(command: OutgoingCommand): Promise<void>;
}
