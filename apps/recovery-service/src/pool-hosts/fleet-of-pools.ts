import { Inject, Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import type { PoolHostReport } from '@kintsugi/contracts';
import { LOGGER } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { Clock } from '../platform/clock.js';
import { HostView } from './domain/host-view.js';
import { KnownHosts } from './known-hosts.js';
import { PoolAgents } from './pool-agents.js';

/** All hosts of pools that were heard of, with what each has. */
@Injectable()
export class FleetOfPools {
  readonly view = new HostView();
  private calling: Promise<string[]> | null = null;

  constructor(
    private readonly known: KnownHosts,
    private readonly agents: PoolAgents,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Takes in those of before, and those that answer now. */
  async open(): Promise<void> {
    for (const { host, pools, heardAt } of await this.known.all()) this.view.remember({ host, pools }, heardAt.getTime());
    await this.callRoll();
  }

  hosts(): string[] {
    return this.view.hosts(this.clock.now());
  }

  /** A database that is away keeps nobody from the pools: what it missed is written with a later report. */
  hear(report: PoolHostReport): void {
    const now = this.clock.now();
    if (this.view.hear(report, now)) inBackground('pool-hosts.keep', () => this.keep(report, now));
  }

  private async keep(report: PoolHostReport, now: number): Promise<void> {
    try {
      await this.known.keep({ ...report, heardAt: new Date(now) });
    } catch (error) {
      this.view.noteUnwritten(report.host);
      this.logger.warn({ host: report.host, error }, 'Could not write down what a host of pools has');
    }
  }

  async forget(host: string): Promise<void> {
    await this.known.forget(host);
    this.view.forget(host);
    this.agents.tellForgotten(host);
  }

  /** The hosts that answer now. One call serves all who want one meanwhile. */
  callRoll(): Promise<string[]> {
    this.calling ??= this.callAll().finally(() => {
      this.calling = null;
    });
    return this.calling;
  }

  private async callAll(): Promise<string[]> {
    const reports = await this.agents.rollCall();
    for (const report of reports) this.hear(report);
    return reports.map(({ host }) => host).sort();
  }
}
