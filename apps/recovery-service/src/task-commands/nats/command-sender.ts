import { hash } from 'node:crypto';
import {
  serviceActor,
  splitByBytes,
  type Actor,
  type CommandData,
  type CommandName,
  type ReviveTasks,
} from '@kintsugi/contracts';
import type { CommandPublisher } from '@kintsugi/messaging';
import type { OwedCommands } from '../domain/owed-commands.js';

/** Tasks that one command may name. */
export const tasksPerCommand = 1000;

/** What a person has asked for: params that are laid over those of the tasks, or null. */
export interface PersonsOrder {
  params: ReviveTasks['params'] | null;
  /** Null where it was asked for before that was kept. */
  requestedBy: Actor | null;
}

/** Looks up what people asked for by the ids of manual recoveries; none for one that is not known. */
export type FindOrders = (manualRecoveryIds: readonly string[]) => Promise<Map<string, PersonsOrder>>;

const itself = serviceActor('recovery-service');

/**
 * Sends commands to job-service in large messages. The id of a message follows from what it says, so that the broker
 * drops it when it is sent again soon.
 */
export class CommandSender {
  constructor(
    private readonly publisher: CommandPublisher,
    private readonly findOrders: FindOrders,
  ) {}

  /** Resolves once the broker has all of it. */
  async send(owed: OwedCommands): Promise<void> {
    await this.sendAll('deferTasks', owed.deferTasks);
    await this.sendAll('buryTasks', owed.buryTasks);
    await this.sendAll('retryTasks', owed.retryTasks);
    if (owed.reviveTasks.size === 0) return;
    const orders = await this.findOrders([...owed.reviveTasks.keys()]);
    for (const [manualRecoveryId, tasks] of owed.reviveTasks) {
      const order = orders.get(manualRecoveryId);
      // Without its params the run would be another one than the person asked for: it has to be asked for anew.
      if (order === undefined) continue;
      const { params, requestedBy } = order;
      await this.sendAll('reviveTasks', tasks, params ? { params } : {}, requestedBy ?? itself);
    }
  }

  private async sendAll<Name extends Exclude<CommandName, 'createJob'>>(
    name: Name,
    tasks: CommandData<Name>['tasks'],
    rest: Omit<CommandData<Name>, 'tasks'> | object = {},
    actor: Actor = itself,
  ): Promise<void> {
    for (let from = 0; from < tasks.length; from += tasksPerCommand) {
      const some = tasks.slice(from, from + tasksPerCommand);
      const parts = splitByBytes<(typeof some)[number]>(some, (entries) => JSON.stringify({ ...rest, tasks: entries }));
      for (const part of parts) {
        const data = { ...rest, tasks: some.slice(part.from, part.to) } as CommandData<Name>;
        await this.publisher.publish({ id: `${name}-${hash('sha256', part.text, 'hex').slice(0, 32)}`, name, data, actor });
      }
    }
  }
}
