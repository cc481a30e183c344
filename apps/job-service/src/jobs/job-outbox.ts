import { Injectable } from '@nestjs/common';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import type { JobOutboxEntry } from './domain/job.js';
import { JobRecords } from './job-records.js';

/** Publishes the events that records of jobs promise, and has the promise removed when they are out. */
@Injectable()
export class JobOutbox {
  constructor(
    private readonly relay: OutboxRelay,
    jobs: JobRecords,
  ) {
    relay.clearWith('job', (jobIds, eventIds) => jobs.clearOutbox(jobIds, eventIds));
  }

  /** For an event whose promise is written. */
  publish(jobId: string, event: JobOutboxEntry): void {
    this.relay.publish({ ...event, about: jobId, owner: { kind: 'job', id: jobId }, data: () => event.data });
  }
}
