const bytesPerS = 16 * 1024 * 1024;
const burstBytes = bytesPerS;
/** A line costs as much as so many bytes more. */
const bytesOfLine = 32;
/** What was used up comes back in pieces of this size: what is missing is missing in a few places, and not in thousands. */
const pieceBytes = bytesPerS / 4;

/**
 * What one run may write to its log: 16 MiB at once, and as much a second, with 32 bytes for each line. To cut more than that into lines would take the time of
 * the tasks beside it, and no reader could follow.
 */
export class LogAllowance {
  private left = burstBytes;
  private countedAt: number | null = null;
  private isUsedUp = false;

  /** What else lines take, however short they are. */
  countLines(lines: number): void {
    this.left -= lines * bytesOfLine;
  }

  /** Whether so many more bytes may be written now, in milliseconds of any steady clock. */
  admits(bytes: number, nowMs: number): boolean {
    this.left = Math.min(burstBytes, this.left + ((nowMs - (this.countedAt ?? nowMs)) * bytesPerS) / 1_000);
    this.countedAt = nowMs;
    this.isUsedUp = this.left < (this.isUsedUp ? pieceBytes : 1);
    if (this.isUsedUp) return false;
    this.left -= bytes;
    return true;
  }
}
