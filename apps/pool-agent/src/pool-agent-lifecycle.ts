import { readdir, rm } from 'node:fs/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Cron } from 'croner';
import { every, inBackground } from '@kintsugi/boundary';
import { operations, slotStates, validate } from '@kintsugi/contracts';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import { Metrics, type Logger } from '@kintsugi/observability';
import { Clock } from './platform/clock.js';
import type { PoolAgentSettings } from './pool-agent.config.js';
import { HostName } from './pools/nats/host-name.js';
import { AutoRecover } from './recovery/auto-recover.js';
import { LapsedLeases } from './recovery/lapsed-leases.js';
import { SlotDoctor, afterAnOwner } from './recovery/slot-doctor.js';
import { FolderOwner } from './slots/folder-owner.js';
import { PoolFolder } from './slots/pool-folder.js';
import { SlotBook } from './slots/slot-book.js';

const sweepMs = 3_600_000;
const gaugeMs = 5_000;
const leasesMs = 2_000;

/** Start and stop: the folder and the name of the host are taken, repairs that a crash has cut short are made to their end, and then the clock says when to look. */
@Injectable()
export class PoolAgentLifecycle implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly owner: FolderOwner;
  private readonly timers: NodeJS.Timeout[] = [];
  private cron: Cron | null = null;

  constructor(
    private readonly hostName: HostName,
    private readonly folder: PoolFolder,
    private readonly book: SlotBook,
    private readonly doctor: SlotDoctor,
    private readonly autoRecover: AutoRecover,
    private readonly lapsedLeases: LapsedLeases,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(SETTINGS) private readonly settings: PoolAgentSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.owner = new FolderOwner(folder, () =>
      this.end({ folder: folder.root }, 'Another agent has taken the folder of the pools; this one ends'),
    );
  }

  async onModuleInit(): Promise<void> {
    // One that is refused the name must not have taken the folder of the one that has it, which would end.
    await this.hostName.requireFree();
    await this.owner.take();
    await this.hostName.take((by) => {
      const { host } = this.folder;
      this.end({ host, by }, 'Another agent has taken the name of this host while this one was not heard; this one ends');
    });
    await this.book.open();
  }

  onApplicationBootstrap(): void {
    this.hostName.announce();
    inBackground('pool-repairs', () => this.finishRepairs());
    inBackground('pool-sweep', () => this.sweep());
    this.timers.push(every('pool-sweep', sweepMs, () => this.sweep()));
    this.timers.push(every('pool-leases', leasesMs, () => this.lapsedLeases.takeBack()));
    this.timers.push(every('pool-gauges', gaugeMs, () => this.gauge()));
    const { POOL_RECOVERY_CRON: line } = this.settings;
    if (line !== 'off') this.cron = new Cron(line, { protect: true, unref: true, catch: true }, () => this.recover());
  }

  async onModuleDestroy(): Promise<void> {
    this.hostName.stop();
    this.cron?.stop();
    for (const timer of this.timers) clearInterval(timer);
    await this.owner.giveBack();
  }

  /** Two that write to one folder would undo each other's repairs; of two that have one name, each would get some of the requests. */
  private end(what: object, why: string): void {
    this.logger.fatal(what, why);
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  }

  private async finishRepairs(): Promise<void> {
    for (const { slot_id } of this.book.slotsOf().filter(({ state }) => state === 'RECOVERING')) {
      const { outcome, reason } = await this.doctor.recover(slot_id, { evict: true, assume: afterAnOwner });
      this.logger.info({ slot_id, outcome, reason }, 'Made a repair that was cut short to its end');
    }
  }

  private async recover(): Promise<void> {
    const { POOL_RECOVERY_STRATEGY: strategy } = this.settings;
    const report = await this.autoRecover.execute(validate(operations.autoRecover.request, { strategy }, 'data'));
    const { errors, ...counts } = report;
    this.logger.info({ strategy, ...counts }, 'Dealt with what was wrong with slots');
    if (errors.length > 0) this.logger.warn({ errors: errors.slice(0, 20) }, 'Some slots are not as they should be');
  }

  /** Removes what was kept for long enough. */
  private async sweep(): Promise<void> {
    const before = this.clock.now() - this.settings.POOL_KEEP_HOURS * 3_600_000;
    for (const part of ['saved', 'trash'] as const) {
      for (const name of await readdir(this.folder.of(part))) {
        const keptAt = Number(name.slice(name.lastIndexOf('.') + 1));
        if (Number.isFinite(keptAt) && keptAt < before) await rm(this.folder.of(part, name), { recursive: true, force: true });
      }
    }
  }

  private gauge(): void {
    const slots = this.book.slotsOf();
    for (const state of slotStates) {
      this.metrics.set('kintsugi_pool_slots', slots.filter((slot) => slot.state === state).length, { state });
    }
  }
}
