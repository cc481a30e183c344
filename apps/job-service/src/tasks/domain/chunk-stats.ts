/** What happened in a chunk since its last write, as numbers that add up over chunks. */
export class ChunkStats {
  /** Run time of each success, in microseconds. */
  readonly succeededUs: number[] = [];
  /** From acceptance to the end of each success, in milliseconds. */
  readonly outcomeMs: number[] = [];
  /** From acceptance to each first start, in milliseconds. */
  readonly waitMs: number[] = [];
  /** Run time of each failure, in microseconds. */
  readonly failedUs: number[] = [];
  readonly failuresByType = new Map<string, number>();
  lost = 0;
  returned = 0;
  cancelled = 0;
  /** Jobs of a bundle that were deleted. */
  erased = 0;

  failed(errorType: string, tookUs: number): void {
    this.failedUs.push(tookUs);
    this.failuresByType.set(errorType, (this.failuresByType.get(errorType) ?? 0) + 1);
  }
}
