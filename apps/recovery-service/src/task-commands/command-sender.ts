import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { serviceActor, splitByBytes, type Actor, type CommandData, type TaskCommandName } from '@kintsugi/contracts';
import { ManualRecoveries } from '../records/manual-recoveries.js';
import { CommandQueue } from './command-queue.js';
import type { OwedCommands } from './domain/owed-commands.js';

/** Tasks that one command may name. */
export const tasksPerCommand = 1000;

const itself = serviceActor('recovery-service');

/**
 * Sends commands to job-service in large messages. The id of a message follows from what it says, so that the broker
 * drops it when it is sent again soon.
 */
@Injectable()
export class CommandSender {
  constructor(
    private readonly queue: CommandQueue,
    private readonly recoveries: ManualRecoveries,
  ) {}

  /** Resolves once the broker has all of it. */
  async send(owed: OwedCommands): Promise<void> {
    await this.sendAll('deferTasks', owed.deferTasks);
    await this.sendAll('discardTasks', owed.discardTasks);
    await this.sendAll('retryTasks', owed.retryTasks);
    if (owed.requeueTasks.size === 0) return;
    const orders = await this.recoveries.ordersOf([...owed.requeueTasks.keys()]);
    for (const [manualRecoveryId, tasks] of owed.requeueTasks) {
      const order = orders.get(manualRecoveryId);
      // Without its params the run would be another one than the person asked for: it has to be asked for anew.
      if (order === undefined) continue;
      const { params, fromStep, requestedBy } = order;
      const rest = { ...(params ? { params } : {}), ...(fromStep === null ? {} : { from_step: fromStep }) };
      await this.sendAll('requeueTasks', tasks, rest, requestedBy ?? itself);
    }
  }

  private async sendAll<Name extends TaskCommandName>(
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
        await this.queue.publish({ id: `${name}-${hash('sha256', part.text, 'hex').slice(0, 32)}`, name, data, actor });
      }
    }
  }
}
