/** Names that are remembered before those that are as good as new are forgotten. */
const rememberedMax = 1_000;
/** Names that stay remembered then, whatever they have had. */
const rememberedAtAll = 5_000;

/**
 * Who has had how much of what is shared, in virtual time: each service moves its time on by what it cost, and whoever has the
 * least is next. One that comes, or comes back, begins at the time of the service that was last, so that nobody saves up what he
 * did not ask for. Two that both wait never lie further apart than the largest service of each of them (start-time fair
 * queueing: Goyal, Vin and Cheng, SIGCOMM 1996, theorem 1).
 */
export class VirtualTimes {
  private readonly times = new Map<string, number>();
  private now = 0;
  private forgetAt = rememberedMax;

  of(name: string): number {
    return Math.max(this.times.get(name) ?? 0, this.now);
  }

  /** @param cost of what the one who was next has been given */
  charge(name: string, cost: number): void {
    this.now = this.of(name);
    this.times.delete(name);
    this.times.set(name, this.now + cost);
    if (this.times.size > this.forgetAt) this.forget();
  }

  private forget(): void {
    for (const [name, time] of this.times) if (time <= this.now) this.times.delete(name);
    for (const name of this.times.keys()) {
      if (this.times.size <= rememberedAtAll) break;
      this.times.delete(name);
    }
    this.forgetAt = Math.max(rememberedMax, 2 * this.times.size);
  }
}
