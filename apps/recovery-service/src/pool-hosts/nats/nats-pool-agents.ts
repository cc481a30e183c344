import { Injectable } from '@nestjs/common';
import {
  poolHostReportSchema,
  subjects,
  type ActionInput,
  type ActionName,
  type ActionResponse,
  type PoolHostReport,
} from '@kintsugi/contracts';
import { understood } from '@kintsugi/hosting';
import { Bus, NobodyThereError, askAll, callAction, type Origin } from '@kintsugi/messaging';
import { hostAway } from '../domain/pool-door-problems.js';
import type { PoolAgents } from '../pool-agents.js';

const rollCallMs = 300;
/** What is only looked up in what an agent has in memory. */
const lookUpMs = 10_000;
const lookUps: readonly ActionName[] = ['listPools', 'getPool', 'getSlot'];

/** The agents of pools over NATS, each at its own subjects. */
@Injectable()
export class NatsPoolAgents implements PoolAgents {
  constructor(private readonly bus: Bus) {}

  async ask<Action extends ActionName>(
    host: string,
    action: Action,
    request: ActionInput<Action>,
    origin: Origin,
  ): Promise<ActionResponse<Action>> {
    const options = { host, origin, onlyWhilePresent: true, ...(lookUps.includes(action) ? { timeoutMs: lookUpMs } : {}) };
    try {
      return await callAction(this.bus, action, request, options);
    } catch (error) {
      throw error instanceof NobodyThereError ? hostAway(host) : error;
    }
  }

  async rollCall(): Promise<PoolHostReport[]> {
    return understood(poolHostReportSchema, await askAll(this.bus, subjects.poolRollCall, { timeoutMs: rollCallMs }));
  }

  tellForgotten(host: string): void {
    this.bus.publish(subjects.poolHostForgotten, JSON.stringify({ host, pools: [] } satisfies PoolHostReport));
  }
}
