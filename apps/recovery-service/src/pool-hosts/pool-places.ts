/** Longer than making a pool may take. */
export const placeKeptMs = 30 * 60_000;

/**
 * On which host a pool of a name is being made, as all replicas of recovery-service see it. Whoever asks for one takes the place,
 * and whoever asks for the same name meanwhile is given that: the agent there makes one of them.
 */
export abstract class PoolPlaces {
  /** @returns the host that has the place: the one of whoever came first and has not left it */
  abstract take(pool: string, host: string, by: string): Promise<string>;
  /** The one who took it knows what has become of it. The place is free once all have left, or are silent for `placeKeptMs`. */
  abstract leave(pool: string, by: string): Promise<void>;
  abstract forgetHost(host: string): Promise<void>;
}
