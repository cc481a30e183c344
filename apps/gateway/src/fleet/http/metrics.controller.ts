import { Controller, Get, Header } from '@nestjs/common';
import { NeedsRole } from '../../keys/http/access.js';
import { Weighs } from '../../rates/http/weight.js';
import { mergeFigures } from '../domain/merge-figures.js';
import type { ProcessFigures } from '../domain/metric-family.js';
import { FleetRollCall } from '../nats/fleet-roll-call.js';
import { OwnFigures } from '../own-figures.js';

/** The figures of the whole platform in one scrape. */
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly rollCall: FleetRollCall,
    private readonly own: OwnFigures,
  ) {}

  @Get()
  @NeedsRole('viewer')
  @Weighs(0)
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async figures(): Promise<string> {
    const [own, all] = await Promise.all([this.own.read(), this.rollCall.figures()]);
    // This process answers the roll call as well, unless NATS is away.
    return mergeFigures([own, ...all.filter((process) => !isSame(process, own))]);
  }
}

function isSame(left: ProcessFigures, right: ProcessFigures): boolean {
  return left.service === right.service && left.instance === right.instance;
}
