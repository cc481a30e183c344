import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ProblemError, type FailureGroup, type Fleet } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { fleetOf, type FleetReading } from '../domain/fleet-reading.js';
import { risingGroups } from '../domain/rising-groups.js';

/** What the other processes say. */
export abstract class FleetSource {
  abstract read(): Promise<FleetReading>;
  /** The groups of failures that failed last; null while recovery-service does not answer. */
  abstract groups(): Promise<readonly FailureGroup[] | null>;
}

/** A reading is told again for so long. */
const freshMs = 900;
/** Rates are of no less than this, and of no more. */
const spanMs = { least: 950, most: 15_000 };

/**
 * How the platform goes on, from the metrics that its processes keep in any case. They are asked only while somebody asks here:
 * whoever asks again gets rates since a while before, the first one those of a second.
 */
@Injectable()
export class GetFleet {
  private readings: FleetReading[] = [];
  private reading: Promise<FleetReading> | null = null;

  constructor(private readonly source: FleetSource) {}

  async execute({ actor }: Origin): Promise<Fleet> {
    if (actor.tenant !== null) {
      throw new ProblemError(
        'FORBIDDEN',
        `getFleet is about all tenants; this key is bound to the tenant ${actor.tenant}. Use one that is bound to none.`,
      );
    }
    const [{ before, now }, groups] = await Promise.all([this.span(), this.source.groups()]);
    return { ...fleetOf(before, now), groups_rising: groups && risingGroups(groups, now.at) };
  }

  private async span(): Promise<{ before: FleetReading; now: FleetReading }> {
    const now = await this.newest();
    const before = this.readings.find(({ at }) => now.at - at >= spanMs.least);
    if (before) return { before, now };
    await delay(spanMs.least);
    const later = await this.newest();
    return later.at > now.at ? { before: now, now: later } : this.span();
  }

  private async newest(): Promise<FleetReading> {
    const last = this.readings.at(-1);
    // Where our clock was set back, what was read by it before is no older than that says.
    const agedMs = Date.now() - (last?.at ?? 0);
    if (last && agedMs >= 0 && agedMs < freshMs) return last;
    this.reading ??= this.source.read().finally(() => (this.reading = null));
    const reading = await this.reading;
    if (this.readings.at(-1) !== reading) {
      this.readings = [...this.readings.filter(({ at }) => at < reading.at && reading.at - at <= spanMs.most), reading];
    }
    return reading;
  }
}
