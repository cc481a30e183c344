import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionInput, type ActionName, type ActionResponse } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { mergedAnswer } from './domain/merged-answer.js';
import { ambiguous, existsElsewhere, maybeAway, noAgents, unknownHost } from './domain/pool-door-problems.js';
import { routeOf, type PoolRequest } from './domain/pool-route.js';
import { FleetOfPools } from './fleet-of-pools.js';
import { PoolAgents } from './pool-agents.js';

type Fields = Record<string, unknown>;

interface Asked {
  action: ActionName;
  request: PoolRequest;
  origin: Origin;
}

interface Outcome {
  host: string;
  result: Fields | ProblemError;
}

/** Leads a request about pools to the host that it is about, or to all of them. */
@Injectable()
export class PoolDoor {
  /** By its name: the host of a pool that is being made. */
  private readonly coming = new Map<string, Promise<string>>();

  constructor(
    private readonly fleet: FleetOfPools,
    private readonly agents: PoolAgents,
  ) {}

  async ask<Action extends ActionName>(action: Action, request: ActionInput<Action>, origin: Origin): Promise<unknown> {
    const asked: Asked = { action, request: request as PoolRequest, origin };
    const hosts = await this.hostsFor(asked.request.host);
    const route = routeOf(action, asked.request);
    if (route.kind === 'all') return this.askAll(hosts, asked);
    if (route.kind === 'new') return this.make(route.pool, hosts, asked);
    if (route.kind === 'slot') return this.askOne(await this.hostOfSlot(route.slotId, hosts, origin), asked);
    const host = await this.hostOf(route.pool, hosts);
    const answer = await this.askOne(host, asked);
    if (action === 'deletePool' && answer['dry_run'] === false) this.notePools(host, (name) => name !== route.pool);
    return answer;
  }

  /** Those that a request may be for: the one that it names, or all. */
  private async hostsFor(named: string | undefined): Promise<string[]> {
    const isKnown = (): boolean => (named === undefined ? this.fleet.hosts().length > 0 : this.fleet.hosts().includes(named));
    if (!isKnown()) await this.fleet.callRoll();
    const hosts = this.fleet.hosts();
    if (hosts.length === 0) throw noAgents();
    if (!isKnown()) throw unknownHost(named, hosts);
    return named === undefined ? hosts : [named];
  }

  private async askOne(host: string, { action, request, origin }: Asked): Promise<Fields> {
    const answer = (await this.agents.ask(host, action, request, origin)) as Fields;
    // Who has just got a slot soon asks about it again.
    if (typeof answer['slot_id'] === 'string') this.fleet.view.noteSlot(answer['slot_id'], host);
    return answer;
  }

  private async askAll(hosts: readonly string[], asked: Asked): Promise<unknown> {
    const outcomes = await this.each(hosts, asked);
    const answers = outcomes.flatMap(({ result }) => (result instanceof ProblemError ? [] : [result]));
    const away = outcomes.flatMap(({ host, result: reason }) =>
      reason instanceof ProblemError ? [{ host, reason: reason.message, error: reason }] : [],
    );
    if (answers.length === 0 && away[0]) throw away[0].error;
    return mergedAnswer(
      answers,
      away.map(({ host, reason }) => ({ host, reason })),
    );
  }

  private each(hosts: readonly string[], asked: Asked): Promise<Outcome[]> {
    return Promise.all(
      hosts.map(async (host) => ({
        host,
        result: await this.askOne(host, asked).catch((error: unknown) => {
          if (error instanceof ProblemError) return error;
          throw error;
        }),
      })),
    );
  }

  /** A pool that no host has is asked for at one that answers: it says so, and has it audited. */
  private async hostOf(pool: string, hosts: readonly string[]): Promise<string> {
    const [only] = hosts;
    if (only !== undefined && hosts.length === 1) return only;
    const having = (): string[] => this.fleet.view.hostsOf(pool).filter((host) => hosts.includes(host));
    const answering = having().length === 1 ? [] : await this.fleet.callRoll();
    const [host, ...others] = having();
    if (others.length > 0) throw ambiguous(pool, having());
    return host ?? firstOf([...answering, ...hosts]);
  }

  private async hostOfSlot(slotId: string, hosts: readonly string[], origin: Origin): Promise<string> {
    const known = this.fleet.view.hostOfSlot(slotId);
    if (known !== undefined || hosts.length === 1) return known ?? firstOf(hosts);
    const outcomes = await this.each(hosts, { action: 'getSlot', request: { slot_id: slotId }, origin });
    const found = outcomes.find(({ result }) => !(result instanceof ProblemError));
    if (found) return found.host;
    const away = outcomes.filter(({ result }) => (result as ProblemError).code !== 'SLOT_NOT_FOUND').map(({ host }) => host);
    if (away.length > 0) throw maybeAway(slotId, away);
    return firstOf(hosts);
  }

  /** No two hosts get a pool of one name. */
  private async make(pool: string, hosts: readonly string[], asked: Asked): Promise<Fields> {
    const isFirst = !this.coming.has(pool);
    const place = this.coming.get(pool) ?? this.placeFor(pool, hosts, asked.origin);
    if (isFirst) this.coming.set(pool, place);
    try {
      const host = await place;
      if (!hosts.includes(host)) throw existsElsewhere(pool, host);
      const answer = await this.askOne(host, asked);
      this.notePools(host, (name) => name !== pool, [pool]);
      return answer;
    } finally {
      if (isFirst) this.coming.delete(pool);
    }
  }

  /** Where there is a pool of the name already, its host: that refuses a second one. */
  private async placeFor(pool: string, hosts: readonly string[], origin: Origin): Promise<string> {
    const [owner] = this.fleet.view.hostsOf(pool);
    if (owner !== undefined || hosts.length === 1) return owner ?? firstOf(hosts);
    const outcomes = await this.each(hosts, { action: 'listPools', request: {}, origin });
    const loads = outcomes.flatMap(({ host, result }) =>
      result instanceof ProblemError ? [] : [{ host, slots: slotsIn(result as ActionResponse<'listPools'>) }],
    );
    const [least] = loads.sort((one, other) => one.slots - other.slots);
    if (least) return least.host;
    throw outcomes[0]?.result;
  }

  private notePools(host: string, stays: (pool: string) => boolean, added: readonly string[] = []): void {
    this.fleet.hear({ host, pools: [...this.fleet.view.poolsOf(host).filter(stays), ...added] });
  }
}

function slotsIn({ items }: ActionResponse<'listPools'>): number {
  return items.reduce((sum, { size }) => sum + size, 0);
}

function firstOf(hosts: readonly string[]): string {
  const [first] = hosts;
  if (first === undefined) throw noAgents();
  return first;
}
