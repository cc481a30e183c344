import { ProblemError } from '@kintsugi/contracts';

/**
 * Has work on one thing take place in the order in which it was asked for, beside that on others. What waits behind work
 * that is to be done once more is left undone, so that it can come again behind it.
 */
export class InOrder {
  private readonly last = new Map<string, Promise<void>>();

  run<Result>(thing: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(thing);
    const result = before ? before.then(work) : work();
    const after = result.then(
      () => undefined,
      (error: unknown) => {
        if (comesAgain(error)) throw behind(thing);
      },
    );
    const end = after.finally(() => {
      if (this.last.get(thing) === end) this.last.delete(thing);
    });
    end.catch(() => undefined);
    this.last.set(thing, end);
    return result;
  }
}

function comesAgain(error: unknown): boolean {
  return !(error instanceof ProblemError) || error.toProblem().retryable;
}

function behind(thing: string): ProblemError {
  return new ProblemError(
    'SERVICE_UNAVAILABLE',
    `What was asked of ${thing} before is not done yet. This is tried again behind it.`,
  );
}
