import { Controller, Get, Header } from '@nestjs/common';
import { ProblemError } from '@kintsugi/contracts';
import { SelfReport } from '@kintsugi/hosting';
import { NeedsRole, TellsOfAllTenants } from '../../keys/http/access.js';
import { Weighs } from '../../rates/http/weight.js';
import { mergeMetrics } from '../domain/merge-metrics.js';
import type { MetricFamily, ProcessFigures } from '../domain/metric-family.js';
import { ScrapeTargets, type ScrapeTarget } from '../domain/scrape-targets.js';
import { FleetRollCall } from '../nats/fleet-roll-call.js';

/** The metrics of the whole platform in one scrape, and where each process gives its own. */
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly rollCall: FleetRollCall,
    private readonly self: SelfReport,
    private readonly known: ScrapeTargets,
  ) {}

  @Get()
  @NeedsRole('viewer')
  @TellsOfAllTenants()
  @Weighs(0)
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async metrics(): Promise<string> {
    const [{ families, ...about }, all] = await Promise.all([this.self.scrape(), this.rollCall.metrics()]);
    const own: ProcessFigures = { ...about, families: families as unknown as MetricFamily[] };
    // This process answers the roll call as well, unless NATS is away.
    return mergeMetrics([own, ...all.filter((process) => !isSame(process, own))]);
  }

  @Get('targets')
  @NeedsRole('viewer')
  @TellsOfAllTenants()
  @Weighs(0)
  async targets(): Promise<ScrapeTarget[]> {
    // Prometheus keeps the targets that it has when it gets no list, and would drop those that a list lacks.
    if (!this.rollCall.natsUp) {
      throw new ProblemError('SERVICE_UNAVAILABLE', 'NATS cannot be reached, so nobody can be asked. Keep the last list.', {
        retry_after: 1,
      });
    }
    return this.known.note(await this.rollCall.health(true), performance.now());
  }
}

function isSame(left: ProcessFigures, right: ProcessFigures): boolean {
  return left.service === right.service && left.instance === right.instance;
}
