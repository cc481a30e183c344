interface Waiting {
  holder: string;
  tell: () => void;
}

/** Room for so many at once. Whoever finds none waits for some that is given back: those first whose holder has least of it. */
export class Room {
  private taken = 0;
  private readonly byHolder = new Map<string, number>();
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly max: number) {}

  get held(): number {
    return this.taken;
  }

  get isWanted(): boolean {
    return this.waiting.size > 0;
  }

  /** What gives it back, to be called once; null where the signal comes first. */
  async take(signal: AbortSignal, holder = ''): Promise<(() => void) | null> {
    while (this.taken >= this.max && !signal.aborted) await this.nextGiven(signal, holder);
    if (signal.aborted) {
      // It may have been told of room just before, which is for the next one then.
      this.tellNext();
      return null;
    }
    this.count(holder, 1);
    return () => {
      this.count(holder, -1);
      this.tellNext();
    };
  }

  private nextGiven(signal: AbortSignal, holder: string): Promise<void> {
    return new Promise((resolve) => {
      const tell = (): void => {
        signal.removeEventListener('abort', tell);
        this.waiting.delete(waiting);
        resolve();
      };
      const waiting = { holder, tell };
      signal.addEventListener('abort', tell, { once: true });
      this.waiting.add(waiting);
    });
  }

  private tellNext(): void {
    if (this.taken >= this.max || this.waiting.size === 0) return;
    const heldBy = ({ holder }: Waiting): number => this.byHolder.get(holder) ?? 0;
    [...this.waiting].reduce((next, each) => (heldBy(each) < heldBy(next) ? each : next)).tell();
  }

  private count(holder: string, more: 1 | -1): void {
    this.taken += more;
    const held = (this.byHolder.get(holder) ?? 0) + more;
    if (held > 0) this.byHolder.set(holder, held);
    else this.byHolder.delete(holder);
  }
}
