import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { operations, poolHostReportSchema, subjects, validate, type ActionName } from '@kintsugi/contracts';
import { AuditedCalls, Faults, understood } from '@kintsugi/hosting';
import { Bus, originOf, readRequest, replyWithProblem, replyWithResult, spanOfMessage, type Msg } from '@kintsugi/messaging';
import { isUnreachable } from '@kintsugi/persistence';
import { inSpan } from '@kintsugi/tracing';
import { RefusedAtDoor } from '../domain/pool-door-problems.js';
import { FleetOfPools } from '../fleet-of-pools.js';
import { PoolDoor } from '../pool-door.js';

const queue = 'recovery-service';
const actions = (Object.keys(operations) as ActionName[]).filter((action) => operations[action].service === 'pool');

/**
 * Takes what is asked about pools, whichever host it is about, and hears which hosts there are. The agent that carries something
 * out has it audited and tells of it, so that only what never comes to one is audited here.
 */
@Injectable()
export class PoolDoorListener implements OnApplicationBootstrap {
  constructor(
    private readonly bus: Bus,
    private readonly fleet: FleetOfPools,
    private readonly door: PoolDoor,
    private readonly faults: Faults,
    private readonly audited: AuditedCalls,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { bus } = this;
    bus.subscribe(subjects.poolHosts, (message) => {
      for (const report of understood(poolHostReportSchema, [message])) this.fleet.hear(report);
    });
    bus.subscribe(subjects.poolHostForgotten, (message) => {
      for (const { host } of understood(poolHostReportSchema, [message])) this.fleet.view.forget(host);
    });
    await this.fleet.open();
    for (const action of actions) {
      bus.subscribe(subjects.request('pool', action), (message) => this.answer(message, action), { queue });
    }
    const identity = randomUUID();
    bus.subscribe(subjects.presence(subjects.request('pool', 'listPools')), (message) => message.respond(identity));
  }

  private async answer(message: Msg, action: ActionName): Promise<void> {
    const { subject } = message;
    try {
      await inSpan(spanOfMessage(message, action, subject, 'server'), async () => {
        const [data, origin] = [readRequest(message), originOf(message)];
        const request = validate(operations[action].request, data, 'data');
        const answer = await this.door.ask(action, request, origin).catch(async (error: unknown) => {
          if (error instanceof RefusedAtDoor) await this.audited.refused({ action, data, ...origin }, error);
          throw error;
        });
        replyWithResult(message, answer);
      });
    } catch (error) {
      replyWithProblem(message, error, this.faults.report, isUnreachable);
    }
  }
}
