/** Room for so many at once. Whoever finds none waits for some that is given back. */
export class Room {
  private taken = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly max: number) {}

  get held(): number {
    return this.taken;
  }

  get isWanted(): boolean {
    return this.waiting.size > 0;
  }

  /** What gives it back, to be called once; null where the signal comes first. */
  async take(signal: AbortSignal): Promise<(() => void) | null> {
    while (this.taken >= this.max && !signal.aborted) await this.nextGiven(signal);
    if (signal.aborted) {
      // It may have been told of room just before, which is for the next one then.
      this.tellNext();
      return null;
    }
    this.taken += 1;
    return () => this.giveBack();
  }

  private nextGiven(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        signal.removeEventListener('abort', settle);
        this.waiting.delete(settle);
        resolve();
      };
      signal.addEventListener('abort', settle, { once: true });
      this.waiting.add(settle);
    });
  }

  private giveBack(): void {
    this.taken -= 1;
    this.tellNext();
  }

  private tellNext(): void {
    const [first] = this.waiting;
    if (this.taken < this.max) first?.();
  }
}
