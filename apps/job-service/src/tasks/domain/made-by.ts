import type { Actor } from '@kintsugi/contracts';

/** Who has made the jobs at some places of a bundle, such as `0-17` and `20`. */
export interface MadeBy {
  actor: Actor;
  places: string[];
}
