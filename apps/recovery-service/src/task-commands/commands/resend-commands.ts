import { commandsOwed } from '../domain/owed-commands.js';
import type { OwingRecords } from '../mongo/owing-records.js';
import { tasksPerCommand, type CommandSender } from '../nats/command-sender.js';

/**
 * Sends again what job-service may never have got: the broker can lose what it took, and a process can end between
 * writing a decision and sending it. Repeats are harmless, silence is not.
 */
export class ResendCommands {
  constructor(
    private readonly records: OwingRecords,
    private readonly sender: CommandSender,
    private readonly firstIntervalMs: number,
  ) {}

  /** Everything whose time has come. */
  async execute(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = Date.now();
      const records = await this.records.due(new Date(now).toISOString(), tasksPerCommand);
      if (records.length > 0) {
        await this.sender.send(commandsOwed(records));
        await this.records.markResent(records, now, this.firstIntervalMs);
      }
      if (records.length < tasksPerCommand) return;
    }
  }

  /** What was decided shortly before a start, and whose first command may have been lost with the process that was to send it. */
  async executeUnsent(startedAt: number, signal: AbortSignal): Promise<void> {
    const after = new Date(startedAt).toISOString();
    const until = new Date(startedAt + this.firstIntervalMs).toISOString();
    for await (const records of this.records.neverResent(after, until, tasksPerCommand)) {
      if (signal.aborted) return;
      await this.sender.send(commandsOwed(records));
    }
  }
}
