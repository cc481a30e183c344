/** Events that a client which comes back may have missed and still gets; one that missed more starts afresh. */
const replayMax = 100_000;

export interface Extent {
  firstSequence: number;
  lastSequence: number;
}

/** Whether all that followed a client's last event can still be read from the stream, in a reasonable time. */
export function canReplay(lastEventId: number, { firstSequence, lastSequence }: Extent): boolean {
  return lastEventId + 1 >= firstSequence && lastEventId <= lastSequence && lastSequence - lastEventId <= replayMax;
}
