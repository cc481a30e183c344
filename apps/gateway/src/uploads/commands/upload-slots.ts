import type { MeteredShares } from '../../shares/metered-shares.js';

/** Bounds how many uploads are taken in at once, and how many of one sender while others want to send. */
export class UploadSlots {
  constructor(private readonly shares: MeteredShares) {}

  /** @param run gets what is aborted, with a problem, when the slot goes to another sender */
  async hold<Result>(sender: string, run: (ended: AbortSignal) => Promise<Result>): Promise<Result> {
    const ended = new AbortController();
    const place = this.shares.take(sender, (problem) => ended.abort(problem));
    try {
      return await run(ended.signal);
    } finally {
      place.release();
    }
  }
}
