import { Controller, Get, Res } from '@nestjs/common';
import type { PlatformHealth } from '@kintsugi/contracts';
import type { FastifyReply } from 'fastify';
import type { Origin } from '@kintsugi/messaging';
import { NeedsRole, OpenToAnyone } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Weighs } from '../../rates/http/weight.js';
import { fleetHealth, type FleetHealth } from '../domain/fleet-health.js';
import { FleetRollCall } from '../nats/fleet-roll-call.js';
import { DescribeHealth } from '../queries/describe-health.js';

/** How this process and the platform behind it are. */
@Controller('health')
export class HealthController {
  private asking: Promise<FleetHealth> | null = null;

  constructor(
    private readonly rollCall: FleetRollCall,
    private readonly describeHealth: DescribeHealth,
  ) {}

  /** A process that answers is alive. Probes have no key. */
  @Get('live')
  @OpenToAnyone()
  @Weighs(0)
  live(): { alive: true } {
    return { alive: true };
  }

  /** Probes have no key, so that nothing is told here but which service is ready. */
  @Get('ready')
  @OpenToAnyone()
  @Weighs(0)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<FleetHealth> {
    // Probes that come together are answered together.
    this.asking ??= this.askFleet().finally(() => {
      this.asking = null;
    });
    const health = await this.asking;
    if (!health.ready) reply.code(503).header('retry-after', '1');
    return health;
  }

  @Get()
  @NeedsRole('viewer')
  @Weighs(0)
  describe(@TheOrigin() origin: Origin): Promise<PlatformHealth> {
    return this.describeHealth.execute(origin);
  }

  private async askFleet(): Promise<FleetHealth> {
    return fleetHealth(this.rollCall.natsUp, await this.rollCall.health(false));
  }
}
