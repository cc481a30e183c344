import type { HourColumns, LaidHour, WholeHour } from './domain/hour-columns.js';
import { ColumnsPart } from './domain/job-columns.js';

interface Hour {
  changed: number;
  changedAt: number;
  laid: number | null;
  size: Pick<WholeHour, 'parts' | 'bytes'>;
}

/** Hours laid down in memory, for specs. */
export class HourColumnsInMemory implements HourColumns {
  private readonly hours = new Map<number, Hour>();
  private readonly columns = new Map<string, Buffer>();

  constructor(private readonly now: () => number = Date.now) {}

  markChanged(hours: readonly number[]): Promise<void> {
    for (const hour of hours) {
      const known = this.hourAt(hour);
      known.changed += 1;
      known.changedAt = this.now();
    }
    return Promise.resolve();
  }

  async discard(hours: readonly number[]): Promise<void> {
    await this.markChanged(hours);
    for (const key of this.columns.keys()) if (hours.includes(Number(key.split('.')[0]))) this.columns.delete(key);
  }

  laid(from: number, before: number): Promise<WholeHour[]> {
    const hours = [...this.hours].filter(([hour, { changed, laid }]) => hour >= from && hour < before && laid === changed);
    const inOrder = hours.sort(([one], [other]) => one - other);
    return Promise.resolve(inOrder.map(([hour, { changed, size }]) => ({ hour, version: changed, ...size })));
  }

  read(hours: readonly WholeHour[]): Promise<Map<number, ColumnsPart[]>> {
    const found = new Map<number, ColumnsPart[]>();
    for (const { hour, version, parts } of hours) {
      const bytes = Array.from({ length: parts }, (_, part) => this.columns.get(`${hour}.${version}.${part}`) ?? []).flat();
      if (bytes.length === parts) {
        found.set(
          hour,
          bytes.map((one) => new ColumnsPart(hour, one)),
        );
      }
    }
    return Promise.resolve(found);
  }

  stale(settledBefore: number, most: number): Promise<number[]> {
    const stale = [...this.hours].filter(([, { changed, changedAt, laid }]) => changedAt < settledBefore && laid !== changed);
    return Promise.resolve(
      stale
        .map(([hour]) => hour)
        .sort((one, other) => one - other)
        .slice(0, most),
    );
  }

  isToLay(hour: number, settledBefore: number): Promise<boolean> {
    const known = this.hours.get(hour);
    return Promise.resolve(known === undefined || (known.laid !== known.changed && known.changedAt < settledBefore));
  }

  begin(hour: number): Promise<LaidHour> {
    return Promise.resolve({ hour, version: this.hourAt(hour).changed });
  }

  putPart({ hour, version }: LaidHour, part: number, bytes: Buffer): Promise<void> {
    this.columns.set(`${hour}.${version}.${part}`, bytes);
    return Promise.resolve();
  }

  complete({ hour, version }: LaidHour, size: Pick<WholeHour, 'parts' | 'bytes'>): Promise<boolean> {
    const known = this.hourAt(hour);
    if (known.changed !== version) return Promise.resolve(false);
    known.laid = version;
    known.size = size;
    return Promise.resolve(true);
  }

  sweep(_retiredBefore: number, firstHour: number): Promise<void> {
    for (const hour of this.hours.keys()) if (hour < firstHour) this.hours.delete(hour);
    return Promise.resolve();
  }

  private hourAt(hour: number): Hour {
    const known = this.hours.get(hour) ?? { changed: 0, changedAt: 0, laid: null, size: { parts: 0, bytes: 0 } };
    this.hours.set(hour, known);
    return known;
  }
}
