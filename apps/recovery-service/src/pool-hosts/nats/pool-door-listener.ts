import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { operations, poolHostReportSchema, subjects, validate, type ActionName } from '@kintsugi/contracts';
import { AuditedCalls, Faults, understood } from '@kintsugi/hosting';
import {
  Bus,
  originOf,
  readRequest,
  replyWithProblem,
  replyWithResult,
  spanOfMessage,
  type Msg,
  type Subscription,
} from '@kintsugi/messaging';
import { isUnreachable } from '@kintsugi/persistence';
import { inSpan } from '@kintsugi/tracing';
import { RefusedAtDoor, stopping } from '../domain/pool-door-problems.js';
import { FleetOfPools } from '../fleet-of-pools.js';
import { PoolDoor } from '../pool-door.js';

const queue = 'recovery-service';
/** For how long a stop waits for answers of agents. */
const stopMs = 2_000;
const actions = (Object.keys(operations) as ActionName[]).filter((action) => operations[action].service === 'pool');

/**
 * Takes what is asked about pools, whichever host it is about, and hears which hosts there are. The agent that carries something
 * out has it audited and tells of it, so that only what never comes to one is audited here.
 */
@Injectable()
export class PoolDoorListener implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly subscriptions: Subscription[] = [];
  private readonly underWay = new Map<Msg, Promise<void>>();
  private hasStopped = false;

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
      this.subscriptions.push(
        bus.subscribe(subjects.request('pool', action), (message) => this.take(message, action), { queue }),
      );
    }
    const identity = randomUUID();
    bus.subscribe(subjects.presence(subjects.request('pool', 'listPools')), (message) => message.respond(identity));
  }

  /** Making a pool may take far longer than a stop: who waits for that is told, and not left without an answer. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.drain().catch(() => undefined)));
    await Promise.race([Promise.allSettled(this.underWay.values()), delay(stopMs, undefined, { ref: false })]);
    this.hasStopped = true;
    for (const message of this.underWay.keys()) replyWithProblem(message, stopping(), this.faults.report, isUnreachable);
  }

  private take(message: Msg, action: ActionName): Promise<void> {
    const answered = this.answer(message, action).finally(() => this.underWay.delete(message));
    this.underWay.set(message, answered);
    return answered;
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
        if (!this.hasStopped) replyWithResult(message, answer);
      });
    } catch (error) {
      if (!this.hasStopped) replyWithProblem(message, error, this.faults.report, isUnreachable);
    }
  }
}
