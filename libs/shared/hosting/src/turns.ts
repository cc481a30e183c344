import { soon } from '@kintsugi/boundary';

/**
 * Long work in slices: of all that wait, one slice is done in each turn of the event loop, so that what is short goes on
 * between two of them, however many bodies have come at once.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private standing: 'no' | 'asked for' | 'just done' = 'no';

  /** Resolves in a turn that is the caller's alone, in the order in which it was asked for. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      if (this.waiting.push(resolve) === 1) soon('turns.give', this.give);
    });
  }

  /** Does work a slice a turn. */
  async run<Result>(work: Generator<undefined, Result>): Promise<Result> {
    for (;;) {
      await this.next();
      const { done, value } = work.next();
      if (done) return value;
    }
  }

  /**
   * Leaves the next turn without a slice: who has just connected is read and answered in it, and has waited for one slice
   * instead of two. However often it is asked for, every other turn has a slice.
   */
  standBack(): void {
    if (this.standing === 'no') this.standing = 'asked for';
  }

  private readonly give = (): void => {
    const standsBack = this.standing === 'asked for';
    this.standing = standsBack ? 'just done' : 'no';
    if (!standsBack) this.waiting.shift()?.();
    if (this.waiting.length > 0) soon('turns.give', this.give);
  };
}

/** Does all of the work now: for what is too little to be worth a turn. */
export function atOnce<Result>(work: Generator<undefined, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Bytes of JSON that are read at once; what has more waits for a turn of its own. */
export const atOnceBytesMax = 8 * 1024;
