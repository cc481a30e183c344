import { z } from 'zod';
import { plainTopics, streamIntervalMs, streamTopicOf, topicsMax } from '@kintsugi/contracts';
import { eventIdPattern } from '../../events/domain/event-id.js';

const topicNames = [...plainTopics, 'job:<id>'].join(', ');

/** The query of `GET /v1/stream`. */
export const streamQuerySchema = z.strictObject({
  topics: z
    .string()
    .min(1)
    .transform((list) => [...new Set(list.split(','))])
    .pipe(z.array(z.string().refine((name) => streamTopicOf(name) !== null, { message: `one of ${topicNames}` })).max(topicsMax))
    .describe(`What is to be told, comma separated: ${topicNames}.`),
  interval_ms: z
    .string()
    .regex(/^\d{1,6}$/, `a whole number from ${streamIntervalMs.min} to ${streamIntervalMs.max}`)
    .transform(Number)
    .pipe(z.int().min(streamIntervalMs.min).max(streamIntervalMs.max))
    .default(streamIntervalMs.default)
    .describe('Shortest time between two tellings of a job or the fleet, in milliseconds.'),
  last_event_id: z
    .string()
    .regex(eventIdPattern, 'the id of an event, such as 42-1767225600000')
    .optional()
    .describe('The same as the header Last-Event-ID, for who cannot set it.'),
});

export type StreamQuery = z.output<typeof streamQuerySchema>;
