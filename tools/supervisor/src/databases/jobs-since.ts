import { endingEvents, eventCatalogue } from '@kintsugi/contracts';
import { Bus, EventReader, eventStreamExtent, type ReceivedEvent } from '@kintsugi/messaging';

/** What the broker's events tell of jobs since a time. */
export interface JobsSince {
  created: Set<string>;
  /** When each job has ended, as its last such event says. */
  ended: Map<string, string>;
}

/** Reads the events that the broker still has and took at a time or later; nothing where it has lost them. */
export async function jobsSince(natsUrl: string, since: Date): Promise<JobsSince> {
  const found: JobsSince = { created: new Set(), ended: new Map() };
  const bus = await Bus.connect({ servers: natsUrl, name: 'kintsugi-restore' });
  try {
    const { firstSequence, lastSequence } = await eventStreamExtent(bus);
    if (lastSequence < firstSequence || lastSequence === 0) return found;
    const isRead = Promise.withResolvers<void>();
    const reader = await EventReader.open(bus, firstSequence, (event) => {
      if (event.takenMs >= since.getTime()) note(found, event);
      if (event.sequence >= lastSequence) isRead.resolve();
    });
    await isRead.promise;
    await reader.close();
    return found;
  } finally {
    await bus.close();
  }
}

function note({ created, ended }: JobsSince, { name, data }: ReceivedEvent): void {
  if (name !== 'job.created' && !endingEvents.some((ending) => ending === name)) return;
  const event = eventCatalogue[name as (typeof endingEvents)[number] | 'job.created'].data.safeParse(
    JSON.parse(new TextDecoder().decode(data)),
  );
  if (!event.success) return;
  for (const job of event.data.jobs) {
    if (name === 'job.created') created.add(job.job_id);
    else if ('finished_at' in job && job.finished_at) ended.set(job.job_id, job.finished_at);
  }
}
