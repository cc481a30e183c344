/** What became of the bodies at one door of a flood. */
export interface DoorAnswers {
  taken: number;
  refused: number;
  /** Not answered: cut off, timed out, or without a connection. */
  failed: number;
}

export type FloodAnswers = Record<'http' | 'nats', DoorAnswers>;

/** Throws unless some of a flood was taken in at each door: of one that is refused, or of which nothing comes in, services feel little. */
export function requireTaken({ http, nats }: FloodAnswers): void {
  if (http.taken > 0 && nats.taken > 0) return;
  const told = ({ taken, refused, failed }: DoorAnswers): string => `${taken} taken, ${refused} refused and ${failed} failed`;
  throw new Error(`Not each door took some of the flood: by HTTP ${told(http)}, by NATS ${told(nats)}.`);
}
