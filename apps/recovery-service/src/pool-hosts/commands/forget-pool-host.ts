import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { stillThere, unknownHost } from '../domain/pool-door-problems.js';
import { FleetOfPools } from '../fleet-of-pools.js';
import { PoolAgents } from '../pool-agents.js';
import { PoolPlaces } from '../pool-places.js';

/** Misses a host no longer that is gone for good, and frees the names of its pools. One that comes back all the same is known again. */
@Injectable()
export class ForgetPoolHost {
  constructor(
    private readonly fleet: FleetOfPools,
    private readonly agents: PoolAgents,
    private readonly places: PoolPlaces,
  ) {}

  async execute({ host, dry_run }: ActionRequest<'forgetPoolHost'>, origin: Origin): Promise<ActionResponse<'forgetPoolHost'>> {
    if (!this.fleet.hosts().includes(host)) throw unknownHost(host, this.fleet.hosts());
    if (!(await this.isAway(host, origin))) throw stillThere(host);
    const pools = this.fleet.view.poolsOf(host);
    if (!dry_run) {
      await this.places.forgetHost(host);
      await this.fleet.forget(host);
    }
    return { host, pools, dry_run };
  }

  /** An agent that is slow, or refuses, is there. */
  private async isAway(host: string, origin: Origin): Promise<boolean> {
    try {
      await this.agents.ask(host, 'listPools', {}, origin);
      return false;
    } catch (error) {
      if (error instanceof ProblemError) return error.code === 'POOL_HOST_AWAY';
      throw error;
    }
  }
}
