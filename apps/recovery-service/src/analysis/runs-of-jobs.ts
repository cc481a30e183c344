import type { Origin } from '@kintsugi/messaging';

/** How many runs there were, and how many failed. */
export interface RunCount {
  runs: number;
  failed_runs: number;
}

/** What recovery-service cannot know by itself: it hears of what fails only. */
export abstract class RunsOfJobs {
  /** Of jobs that were accepted in a time and have ended; null while nobody answers. */
  abstract between(start: Date, end: Date, origin: Origin): Promise<RunCount | null>;
}
