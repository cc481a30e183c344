import { ProblemError } from '@kintsugi/contracts';

/** Whether this door is closing: from then on it takes nothing new, and later it lets go of what lasts. */
export class Closing {
  private readonly controller = new AbortController();
  private hasBegun = false;

  /** Aborted when what lasts, such as an upload, must end now. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get begun(): boolean {
    return this.hasBegun;
  }

  begin(): void {
    this.hasBegun = true;
  }

  release(): void {
    this.controller.abort(goingAway());
  }

  refuseNew(): void {
    if (this.hasBegun) throw goingAway();
  }
}

function goingAway(): ProblemError {
  return new ProblemError(
    'SERVICE_UNAVAILABLE',
    'This gateway is shutting down. Nothing was accepted; send it again in a moment.',
    {
      retry_after: 1,
    },
  );
}
