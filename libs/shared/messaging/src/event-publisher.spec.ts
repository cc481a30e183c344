import { expect, test } from '@jest/globals';
import type { Bus } from './bus.js';
import { EventPublisher, type OutgoingEvent } from './event-publisher.js';

const event: OutgoingEvent = {
  ...{ id: 'evt_1', name: 'job.started', source: '/kintsugi/job-service', subject: 'job_1', time: '2026-01-01T00:00:00.000Z' },
  data: { jobs: [{ job_id: 'job_1', started_at: '2026-01-01T00:00:00.000Z' }] },
};

/** Where the broker answers so; nothing can be said of its streams. */
function publishWhere(answer: unknown): Promise<void> {
  const ask = () => Promise.resolve({ json: () => answer });
  return new EventPublisher({ state: 'down', ask } as unknown as Bus).publish(event);
}

test('an event is published once a stream has stored it', async () => {
  await expect(publishWhere({ stream: 'EVENTS', seq: 1 })).resolves.toBeUndefined();
});

test.each([
  ['the stream is full', { stream: 'EVENTS', seq: 0, error: { code: 503, err_code: 10077, description: 'maximum messages' } }],
  ['somebody else answers', { greeting: 'hello' }],
])('an event is not published where %s', async (_, answer) => {
  await expect(publishWhere(answer)).rejects.toThrow(/maximum messages|is no stream/);
});
