import type { Resolution, UsageRecord } from './domain/usage-record.js';

/** Which records: of these jobs, or workers, with their middle from one moment up to another. */
export interface UsageQuery {
  kind: UsageRecord['kind'];
  ids: readonly string[];
  from: number;
  before: number;
}

/** What was sampled, and what was made of it for longer times. */
export abstract class UsageStore {
  abstract add(resolution: Resolution, records: readonly UsageRecord[]): Promise<void>;
  /** Each record once, also where it was written twice. */
  abstract read(resolution: Resolution, query: UsageQuery): AsyncIterable<UsageRecord>;
  /** Up to which moment records of a resolution have been made; 0 before the first. */
  abstract madeUpTo(resolution: Exclude<Resolution, 'sample'>): Promise<number>;
  /**
   * Makes records of a resolution of those of the one before, from one moment up to another: one for each job and worker and
   * each minute or hour. After a crash some may be made again.
   */
  abstract rollUp(resolution: Exclude<Resolution, 'sample'>, from: number, before: number): Promise<number>;
  /** The earliest record of a resolution that is there; null where there is none. */
  abstract earliest(resolution: Resolution): Promise<number | null>;
  abstract remove(jobIds: readonly string[]): Promise<void>;
}
