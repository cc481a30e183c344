import { Room } from '../../shares/domain/room.js';

/**
 * What all clients of a gateway that come back may have read for them at once, and have waiting for them: events that were missed
 * are the costliest that anybody can ask for, and whoever asks need not read them.
 */
export class ReplayRoom {
  private readonly readings: Room;
  private length = 0;

  /** @param lengthMax characters that wait for all of them together */
  constructor(
    readingsMax: number,
    private readonly lengthMax: number,
  ) {
    this.readings = new Room(readingsMax);
  }

  get held(): number {
    return this.length;
  }

  /** What ends the reading; null where none can begin in time. */
  begin(signal: AbortSignal): Promise<(() => void) | null> {
    return this.readings.take(signal);
  }

  /** False where there is no room for so many characters more. */
  keep(length: number): boolean {
    if (this.length + length > this.lengthMax) return false;
    this.length += length;
    return true;
  }

  giveBack(length: number): void {
    this.length -= length;
  }
}
