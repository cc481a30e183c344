import { ProblemError } from '@kintsugi/contracts';
import { isRefusal } from '@kintsugi/hosting';

/** What has not come again for so long after it failed is waited for no longer: it may have gone with its stream. */
const awaitedMsMax = 120_000;
/** More than their consumer has under way at once; the oldest beyond it are waited for no longer. */
const awaitedMax = 10_000;

/**
 * Has work on one thing take place in the order in which it was asked for, beside that on others. What is to be done once
 * more, because it failed by what may pass, is waited for: what comes after it in the sequence is left undone until then, so
 * that it comes again behind it.
 */
export class InOrder {
  private readonly last = new Map<string, Promise<void>>();
  /** By its sequence, what is to come again and until when that is waited for, the earliest first. */
  private readonly awaited = new Map<number, { thing: string; until: number }>();
  private readonly awaitedOf = new Map<string, Set<number>>();

  constructor(private readonly now = () => performance.now()) {}

  /** @param sequence null for what does not come again: nothing waits for it, nor it for what is to come again */
  run<Result>(thing: string, sequence: number | null, work: () => Promise<Result>): Promise<Result> {
    const inTurn = (): Promise<Result> => (sequence === null ? work() : this.attempt(thing, sequence, work));
    const before = this.last.get(thing);
    const result = before ? before.then(inTurn) : inTurn();
    const end = result
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        if (this.last.get(thing) === end) this.last.delete(thing);
      });
    this.last.set(thing, end);
    return result;
  }

  /** It will not come again. */
  forget(sequence: number): void {
    const known = this.awaited.get(sequence);
    if (!known) return;
    this.awaited.delete(sequence);
    const others = this.awaitedOf.get(known.thing);
    others?.delete(sequence);
    if (others?.size === 0) this.awaitedOf.delete(known.thing);
  }

  private async attempt<Result>(thing: string, sequence: number, work: () => Promise<Result>): Promise<Result> {
    try {
      if (this.isBehind(thing, sequence)) throw behind();
      const result = await work();
      this.forget(sequence);
      return result;
    } catch (error) {
      this.forget(sequence);
      if (!isRefusal(error)) this.expect(thing, sequence);
      throw error;
    }
  }

  private isBehind(thing: string, sequence: number): boolean {
    this.forgetOverdue();
    return [...(this.awaitedOf.get(thing) ?? [])].some((other) => other < sequence);
  }

  private expect(thing: string, sequence: number): void {
    this.awaited.set(sequence, { thing, until: this.now() + awaitedMsMax });
    const others = this.awaitedOf.get(thing);
    if (others) others.add(sequence);
    else this.awaitedOf.set(thing, new Set([sequence]));
    this.forgetOverdue();
  }

  private forgetOverdue(): void {
    for (const [sequence, { until }] of this.awaited) {
      if (until > this.now() && this.awaited.size <= awaitedMax) return;
      this.forget(sequence);
    }
  }
}

function behind(): ProblemError {
  return new ProblemError(
    'SERVICE_UNAVAILABLE',
    'What was asked before of the same is not done yet. This is tried again behind it.',
  );
}
