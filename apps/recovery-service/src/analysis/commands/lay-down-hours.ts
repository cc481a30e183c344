import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Clock } from '../../platform/clock.js';
import type { RecoveryServiceSettings } from '../../recovery-service.config.js';
import { hourMs, hourOf, laidAfterMs } from '../../records/domain/failure-hours.js';
import { HourSieves } from '../../records/hour-sieves.js';
import { RecordHours } from '../analysed-records.js';
import { LaidHours } from '../laid-hours.js';

const dayMs = 86_400_000;

/** Lays down hours of failures that are over, for analyses and searches, and anew those that have changed since. */
@Injectable()
export class LayDownHours {
  constructor(
    private readonly hours: LaidHours,
    private readonly records: RecordHours,
    private readonly sieves: HourSieves,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Pick<RecoveryServiceSettings, 'ERROR_RETENTION_DAYS'>,
  ) {}

  async execute(signal: AbortSignal): Promise<void> {
    const closedAfter = this.clock.now() - this.settings.ERROR_RETENTION_DAYS * dayMs;
    let reach = (await this.hours.reached()) ?? (await this.hours.start());
    // What is forgotten is passed over by analyses at once, and gone from here a day later.
    for (const hour of await this.hours.stale(reach?.before ?? 0, closedAfter - dayMs)) {
      if (signal.aborted) return;
      await this.lay(hour, closedAfter);
    }
    // What a replica whose clock is fast takes for over may be changed by another one without an announcement.
    const end = hourOf((await this.hours.now()) - laidAfterMs);
    while (reach && reach.before < end && !signal.aborted) {
      const hour: number | null = await this.records.hourAfter(reach.before);
      const isOver = hour !== null && hour < end;
      if (isOver) await this.lay(hour, closedAfter);
      reach = await this.hours.reach(reach, isOver ? hour + hourMs : end);
    }
  }

  private async lay(hour: number, closedAfter: number): Promise<void> {
    const changed = await this.hours.begin(hour);
    if (!changed) return;
    await this.sieves.lay(hour, changed, closedAfter);
    await this.hours.lay(hour, changed, this.records.ofHour(hour, new Date(closedAfter)));
  }
}
