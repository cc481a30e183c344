import { placeKeptMs, type PoolPlaces } from './pool-places.js';

/** The places of pools without a database, for specs: they keep to the same promises as those in MongoDB. */
export class PoolPlacesInMemory implements PoolPlaces {
  private readonly places = new Map<string, { host: string; takenBy: Map<string, number> }>();

  constructor(private readonly clock = { now: () => 0 }) {}

  async take(pool: string, host: string, by: string): Promise<string> {
    const now = this.clock.now();
    const before = this.places.get(pool);
    const isTaken = [...(before?.takenBy.values() ?? [])].some((at) => at > now - placeKeptMs);
    const place = before && isTaken ? before : { host, takenBy: new Map<string, number>() };
    this.places.set(pool, place);
    place.takenBy.set(by, now);
    return place.host;
  }

  async leave(pool: string, by: string): Promise<void> {
    const place = this.places.get(pool);
    place?.takenBy.delete(by);
    if (place?.takenBy.size === 0) this.places.delete(pool);
  }

  async forgetHost(forgotten: string): Promise<void> {
    for (const [pool, { host }] of this.places) if (host === forgotten) this.places.delete(pool);
  }
}
