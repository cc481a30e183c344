/** A place that somebody holds. */
export interface Place {
  /** Gives it back; more than once is fine. */
  release(): void;
}

interface HeldPlace extends Place {
  onTaken: () => void;
}

/**
 * Places that several want. Who comes alone may hold all of them. When none is left for one who holds fewer, the one who holds most
 * loses the place that it took last, so that none holds more than its share while others want some.
 */
export class FairShares {
  private readonly byHolder = new Map<string, Set<HeldPlace>>();
  private heldPlaces = 0;

  constructor(private readonly placesMax: number) {}

  get held(): number {
    return this.heldPlaces;
  }

  /**
   * Null when none is left and nobody holds more than this holder would then.
   * @param onTaken called when the place goes to another; it is released by then
   */
  take(holder: string, onTaken: () => void): Place | null {
    const own = this.byHolder.get(holder) ?? new Set();
    if (this.heldPlaces >= this.placesMax) {
      const most = this.largest();
      if (most.size <= own.size + 1) return null;
      const newest = [...most].at(-1) as HeldPlace;
      newest.release();
      newest.onTaken();
    }
    const place: HeldPlace = { onTaken, release: () => this.release(holder, place) };
    this.byHolder.set(holder, own.add(place));
    this.heldPlaces += 1;
    return place;
  }

  private release(holder: string, place: HeldPlace): void {
    const own = this.byHolder.get(holder);
    if (!own?.delete(place)) return;
    this.heldPlaces -= 1;
    if (own.size === 0) this.byHolder.delete(holder);
  }

  private largest(): Set<HeldPlace> {
    return [...this.byHolder.values()].reduce((most, each) => (each.size > most.size ? each : most), new Set());
  }
}
