import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { ProblemError, type ActionInput, type ActionName, type ActionResponse, type ProblemCode } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { mergedAnswer } from './domain/merged-answer.js';
import { ambiguous, existsElsewhere, maybeAway, noAgents, unknownHost } from './domain/pool-door-problems.js';
import { routeOf, type PoolRequest } from './domain/pool-route.js';
import { FleetOfPools } from './fleet-of-pools.js';
import { PoolAgents } from './pool-agents.js';
import { PoolPlaces } from './pool-places.js';

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
  constructor(
    private readonly fleet: FleetOfPools,
    private readonly agents: PoolAgents,
    private readonly places: PoolPlaces,
  ) {}

  async ask<Action extends ActionName>(action: Action, request: ActionInput<Action>, origin: Origin): Promise<unknown> {
    const asked: Asked = { action, request: request as PoolRequest, origin };
    const hosts = await this.hostsFor(asked.request.host);
    const route = routeOf(action, asked.request);
    if (route.kind === 'all') return this.askAll(hosts, asked);
    if (route.kind === 'new') return this.make(route.pool, hosts, asked);
    if (route.kind === 'slot') return this.askOfSlot(route.slotId, hosts, asked);
    if (action === 'deletePool') return this.delete(route.pool, hosts, asked);
    return this.askOne(await this.hostOf(route.pool, hosts), asked);
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
    // POOL_HOST_AWAY says that nothing was done, which holds only where every host says so.
    const refused = away.find(({ error }) => error.code !== 'POOL_HOST_AWAY') ?? away[0];
    if (answers.length === 0 && refused) throw refused.error;
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

  private async delete(pool: string, hosts: readonly string[], asked: Asked): Promise<Fields> {
    const host = await this.hostOf(pool, hosts, { isFinal: true });
    const answer = await this.askOne(host, asked);
    if (answer['dry_run'] === false) this.notePools(host, (name) => name !== pool);
    return answer;
  }

  /**
   * A pool that no host has is asked for at one that answers: it says so, and has it audited. Of several, one that answers is
   * meant, unless there is no way back.
   */
  private async hostOf(pool: string, hosts: readonly string[], { isFinal = false } = {}): Promise<string> {
    const [only] = hosts;
    if (only !== undefined && hosts.length === 1) return only;
    const known = (): string[] => this.fleet.view.hostsOf(pool).filter((host) => hosts.includes(host));
    const answering = known().length === 1 ? [] : await this.fleet.callRoll();
    const present = isFinal ? [] : known().filter((host) => answering.includes(host));
    const having = present.length > 0 ? present : known();
    const [host, ...others] = having;
    if (others.length > 0) throw ambiguous(pool, having);
    return host ?? firstOf([...answering, ...hosts]);
  }

  /** Where the host that it was at is away, or has it no more, all are asked: its folder may be that of another name by now. */
  private async askOfSlot(slotId: string, hosts: readonly string[], asked: Asked): Promise<Fields> {
    const known = this.fleet.view.hostOfSlot(slotId);
    if (known !== undefined) {
      try {
        return await this.askOne(known, asked);
      } catch (error) {
        if (!isProblem(error, 'POOL_HOST_AWAY', 'SLOT_NOT_FOUND')) throw error;
        this.fleet.view.dropSlot(slotId);
      }
    }
    return this.askWhoHas(slotId, hosts, asked);
  }

  private async askWhoHas(slotId: string, hosts: readonly string[], asked: Asked): Promise<Fields> {
    if (hosts.length === 1) return this.askOne(firstOf(hosts), asked);
    const { origin } = asked;
    const outcomes = await this.each(hosts, { action: 'getSlot', request: { slot_id: slotId }, origin });
    const found = outcomes.find(({ result }) => !(result instanceof ProblemError));
    if (found) return this.askOne(found.host, asked);
    const [away, answering] = [[] as string[], [] as string[]];
    for (const { host, result } of outcomes) (isProblem(result, 'SLOT_NOT_FOUND') ? answering : away).push(host);
    // A lock can be left of a slot that is gone.
    const unlocked = asked.action === 'forceUnlock' ? await this.askInTurn(answering, asked) : null;
    if (unlocked) return unlocked;
    if (away.length > 0) throw maybeAway(slotId, away);
    return this.askOne(firstOf(hosts), asked);
  }

  /** The answer of the first that has what is asked for. */
  private async askInTurn(hosts: readonly string[], asked: Asked): Promise<Fields | null> {
    for (const host of hosts) {
      try {
        return await this.askOne(host, asked);
      } catch (error) {
        if (!isProblem(error, 'SLOT_NOT_FOUND')) throw error;
      }
    }
    return null;
  }

  /**
   * No two hosts get a pool of one name, whichever replicas are asked. A place is kept where it is not known what has become of the
   * pool: whoever asks again is led to the same host.
   */
  private async make(pool: string, hosts: readonly string[], asked: Asked): Promise<Fields> {
    const by = randomUUID();
    const place = await this.places.take(pool, await this.leastLoaded(hosts, asked.origin), by);
    const leave = (): void => inBackground('pool-places.leave', () => this.places.leave(pool, by));
    try {
      const host = (await this.ownerOf(pool, hosts, asked.origin)) ?? place;
      if (!hosts.includes(host)) throw existsElsewhere(pool, host);
      const answer = await this.askOne(host, asked);
      this.notePools(host, (name) => name !== pool, [pool]);
      leave();
      return answer;
    } catch (error) {
      if (error instanceof ProblemError && error.code !== 'SERVICE_UNAVAILABLE') leave();
      throw error;
    }
  }

  private async leastLoaded(hosts: readonly string[], origin: Origin): Promise<string> {
    if (hosts.length === 1) return firstOf(hosts);
    const outcomes = await this.each(hosts, { action: 'listPools', request: {}, origin });
    const loads = outcomes.flatMap(({ host, result }) =>
      result instanceof ProblemError ? [] : [{ host, slots: slotsIn(result as ActionResponse<'listPools'>) }],
    );
    const [least] = loads.sort((one, other) => one.slots - other.slots);
    if (least) return least.host;
    throw outcomes[0]?.result;
  }

  /** As the hosts say now, since this replica may not have heard of it yet; of one that is away, as it was heard of. It refuses a second one. */
  private async ownerOf(pool: string, hosts: readonly string[], origin: Origin): Promise<string | undefined> {
    const outcomes = await this.each(this.fleet.hosts(), { action: 'listPools', request: {}, origin });
    const [present, away]: [string[], string[]] = [[], []];
    for (const { host, result } of outcomes) {
      if (result instanceof ProblemError) away.push(...(this.fleet.view.poolsOf(host).includes(pool) ? [host] : []));
      else if ((result as ActionResponse<'listPools'>).items.some(({ name }) => name === pool)) present.push(host);
    }
    const owners = [...present, ...away];
    return owners.find((host) => hosts.includes(host)) ?? owners[0];
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

function isProblem(error: unknown, ...codes: ProblemCode[]): boolean {
  return error instanceof ProblemError && codes.includes(error.code);
}
