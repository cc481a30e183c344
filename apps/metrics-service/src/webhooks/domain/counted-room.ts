/** Webhooks of which it is remembered how much room they have. */
const knownMax = 5_000;
/** Of the room that was counted this much is given out before it is counted again, since others add messages too. */
const share = 0.5;

/** How many more messages each webhook may be given before those that wait for it have to be counted again. */
export class CountedRoom {
  private readonly left = new Map<string, number>();

  /** False where it has to be counted. */
  take(id: string): boolean {
    const left = this.left.get(id) ?? 0;
    if (left > 0) this.left.set(id, left - 1);
    return left > 0;
  }

  /** There is room for so many; one of them is taken. */
  counted(id: string, room: number): true {
    const [oldest] = this.left.keys();
    if (this.left.size >= knownMax && oldest !== undefined) this.left.delete(oldest);
    this.left.set(id, Math.floor(room * share));
    return true;
  }
}
