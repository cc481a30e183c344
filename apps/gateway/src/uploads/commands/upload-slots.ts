import { ProblemError } from '@kintsugi/contracts';

/** Bounds how many uploads are taken in at once. */
export class UploadSlots {
  private taken = 0;

  constructor(private readonly slotsMax: number) {}

  async hold<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.taken >= this.slotsMax) {
      throw new ProblemError(
        'OVERLOADED',
        `${this.taken} uploads are under way, as many as this gateway takes at once. Try again.`,
        {
          retry_after: 1,
        },
      );
    }
    this.taken += 1;
    try {
      return await run();
    } finally {
      this.taken -= 1;
    }
  }
}
