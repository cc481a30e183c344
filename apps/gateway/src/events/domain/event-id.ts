/** A place in the stream of events, and when the broker took what stands there: a stream that was made again has another time. */
export interface EventPlace {
  sequence: number;
  /** Null when it is not known. */
  takenMs: number | null;
}

/** The id of an event, as clients get it and give it back. */
export function eventIdOf({ sequence, takenMs }: EventPlace): string {
  return takenMs === null ? String(sequence) : `${sequence}-${takenMs}`;
}

export const eventIdPattern = /^(\d{1,15})(?:-(\d{1,15}))?$/;

/** The place that an id names; null for a text that is no id. */
export function placeOfEventId(id: string): EventPlace | null {
  const [, sequence, takenMs] = eventIdPattern.exec(id) ?? [];
  if (sequence === undefined) return null;
  return { sequence: Number(sequence), takenMs: takenMs === undefined ? null : Number(takenMs) };
}
