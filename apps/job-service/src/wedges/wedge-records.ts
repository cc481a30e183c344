import type { EventInput, JobWedge } from '@kintsugi/contracts';

/** An event that a wedge has promised, and the relay has to publish. */
export interface WedgeEvent {
  id: string;
  name: 'job.wedged' | 'job.unwedged';
  at: number;
  data: EventInput<'job.wedged'> | EventInput<'job.unwedged'>;
}

/** A wedge of which job.wedged tells, or has told. */
export interface WedgeRecord {
  _id: string;
  /** The same for the same wedge at each look. */
  key: string;
  /** The jobs that it was told of. */
  jobs: readonly JobWedge[];
  told_at: Date;
  over_at: Date | null;
  outbox: readonly WedgeEvent[];
}

/** What was told of wedges, so that each is told once, and its end, whoever leads by then. */
export abstract class WedgeRecords {
  abstract add(wedge: WedgeRecord): Promise<void>;
  /** Notes that a wedge is over, with the event that says so. */
  abstract end(id: string, at: Date, event: WedgeEvent): Promise<void>;
  /** All that are not over, and those of which something is still to be published. */
  abstract all(): Promise<WedgeRecord[]>;
  /** Removes events that are out, and wedges that are over with them. */
  abstract clearOutbox(ids: readonly string[], eventIds: readonly string[]): Promise<void>;
  /** Removes jobs that are gone from all that was told or is to be, and wedges that told of no other. */
  abstract forget(jobIds: readonly string[]): Promise<void>;
}
