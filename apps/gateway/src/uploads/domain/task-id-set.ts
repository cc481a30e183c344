const { imul } = Math;

/** Slots of 64 bits; doubled when half of them are taken. */
const slotsAtStart = 1 << 5;

/**
 * Notices a task id that was given before, in 16 MB for a million ids: it keeps a 64-bit hash of each, not the text.
 * Two different ids are taken for the same with a probability of about n²/2⁶⁵: 3 in 100 million for the largest job.
 * The seed must not be known to callers, so that nobody can prepare ids that collide.
 */
export class TaskIdSet {
  private slots = new Uint32Array(slotsAtStart * 2);
  private taken = 0;

  constructor(private readonly seed: number) {}

  /** False when the id was there already. */
  add(id: string): boolean {
    if (this.taken * 4 >= this.slots.length) this.grow();
    const { low, high } = this.hashOf(id);
    return this.put(low, high);
  }

  /** Whether an id was added before. */
  has(id: string): boolean {
    const { low, high } = this.hashOf(id);
    const at = this.slotOf(low, high);
    return this.slots[at] !== 0 || this.slots[at + 1] !== 0;
  }

  get size(): number {
    return this.taken;
  }

  private hashOf(id: string): { low: number; high: number } {
    let low = this.seed ^ 0x9e3779b9;
    let high = this.seed ^ 0x85ebca6b;
    for (let index = 0; index < id.length; index += 1) {
      const unit = id.charCodeAt(index);
      low = imul(low ^ unit, 0x9e3779b1);
      low = (low << 13) | (low >>> 19);
      high = imul(high ^ unit, 0x5f356495);
      high = (high << 17) | (high >>> 15);
    }
    const mixedLow = finish(low ^ imul(high, 0x27d4eb2f) ^ id.length);
    const mixedHigh = finish(high ^ imul(mixedLow, 0x165667b1));
    // Two zeros mark a free slot.
    return { low: mixedLow, high: mixedLow === 0 && mixedHigh === 0 ? 1 : mixedHigh };
  }

  private put(low: number, high: number): boolean {
    const { slots } = this;
    const at = this.slotOf(low, high);
    if (slots[at] !== 0 || slots[at + 1] !== 0) return false;
    slots[at] = low;
    slots[at + 1] = high;
    this.taken += 1;
    return true;
  }

  /** Where the hash stands, or may be put. */
  private slotOf(low: number, high: number): number {
    const { slots } = this;
    const mask = slots.length / 2 - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 2;
      if (slots[at] === 0 && slots[at + 1] === 0) return at;
      if (slots[at] === low && slots[at + 1] === high) return at;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    this.taken = 0;
    for (let at = 0; at < old.length; at += 2) {
      const low = old[at] as number;
      const high = old[at + 1] as number;
      if (low !== 0 || high !== 0) this.put(low, high);
    }
  }
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the result. */
function finish(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
