import { hash } from 'node:crypto';
import { splitByBytes, type CommandData, type CommandName, type ReviveTasks } from '@kintsugi/contracts';
import type { CommandPublisher } from '@kintsugi/messaging';
import type { OwedCommands } from '../domain/owed-commands.js';

/** Tasks that one command may name. */
export const tasksPerCommand = 1000;

/** Looks up the params of manual recoveries by their ids; null for one without, none for one that is not known. */
export type FindParams = (manualRecoveryIds: readonly string[]) => Promise<Map<string, ReviveTasks['params'] | null>>;

/**
 * Sends commands to job-service in large messages. The id of a message follows from what it says, so that the broker
 * drops it when it is sent again soon.
 */
export class CommandSender {
  constructor(
    private readonly publisher: CommandPublisher,
    private readonly findParams: FindParams,
  ) {}

  /** Resolves once the broker has all of it. */
  async send(owed: OwedCommands): Promise<void> {
    await this.sendAll('deferTasks', owed.deferTasks);
    await this.sendAll('buryTasks', owed.buryTasks);
    await this.sendAll('retryTasks', owed.retryTasks);
    if (owed.reviveTasks.size === 0) return;
    const params = await this.findParams([...owed.reviveTasks.keys()]);
    for (const [manualRecoveryId, tasks] of owed.reviveTasks) {
      const given = params.get(manualRecoveryId);
      // Without its params the run would be another one than the person asked for: it has to be asked for anew.
      if (given === undefined) continue;
      await this.sendAll('reviveTasks', tasks, given ? { params: given } : {});
    }
  }

  private async sendAll<Name extends Exclude<CommandName, 'createJob'>>(
    name: Name,
    tasks: CommandData<Name>['tasks'],
    rest: Omit<CommandData<Name>, 'tasks'> | object = {},
  ): Promise<void> {
    for (let from = 0; from < tasks.length; from += tasksPerCommand) {
      const some = tasks.slice(from, from + tasksPerCommand);
      const parts = splitByBytes<(typeof some)[number]>(some, (entries) => JSON.stringify({ ...rest, tasks: entries }));
      for (const part of parts) {
        const data = { ...rest, tasks: some.slice(part.from, part.to) } as CommandData<Name>;
        await this.publisher.publish({ id: `${name}-${hash('sha256', part.text, 'hex').slice(0, 32)}`, name, data });
      }
    }
  }
}
