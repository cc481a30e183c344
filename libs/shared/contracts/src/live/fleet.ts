import { z } from 'zod';
import { errorGroupIdSchema } from '../recovery/error-record.js';
import { groupStates } from '../recovery/failure-group.js';

export const getFleetSchema = z.strictObject({});

const perSecond = (what: string) => z.number().describe(`${what} a second, over \`span_s\`.`);

/** How all of the platform goes on. */
export const fleetSchema = z.object({
  as_of: z.string().describe('When it was so.'),
  span_s: z.number().describe('Seconds that the rates are of.'),
  rates: z
    .object({
      jobs_accepted_per_s: perSecond('Jobs accepted'),
      jobs_ended_per_s: perSecond('Jobs that ended'),
      jobs_failed_per_s: perSecond('Jobs that failed'),
      tasks_ended_per_s: perSecond('Tasks that ended'),
      runs_failed_per_s: perSecond('Runs of tasks that failed'),
      retries_per_s: perSecond('Retries scheduled'),
    })
    .describe('How fast it goes.'),
  queues: z
    .array(
      z.object({
        type: z.string().describe('The type of its jobs.'),
        ready: z.int().describe('Tasks that could run.'),
        active: z.int().describe('Tasks that a worker holds.'),
        waiting_retry: z.int().describe('Tasks that wait to be tried again.'),
        oldest_ready_s: z.number().describe('Seconds since the acceptance of the oldest task that could run and does not.'),
        ended_per_s: perSecond('Tasks that ended'),
        failed_per_s: perSecond('Runs that failed'),
      }),
    )
    .describe('By type, the one that has waited longest first.'),
  workers: z
    .object({
      up: z.int().describe('Workers that take work.'),
      draining: z.int().describe('Workers that end what they hold and take no more.'),
      slots: z.int().describe('Tasks that they can run at once.'),
      used_slots: z.int().describe('Tasks that they run.'),
    })
    .describe('Who runs the tasks.'),
  retries_in_flight: z.int().describe('Tasks that wait to be tried again.'),
  groups_rising: z
    .array(
      z.object({
        group_id: errorGroupIdSchema,
        tenant: z.string().describe('Whose failures they are.'),
        error_type: z.string().describe('The kind of failure.'),
        title: z.string().describe('The message, with <*> for what differs.'),
        state: z.enum(groupStates).describe('How far people are with it.'),
        last_hour: z.int().describe('Failures of the last hour, about.'),
        usual_hour: z.number().describe('Failures of an hour of the day before, on average.'),
      }),
    )
    .nullable()
    .describe(
      'Groups of failures that grow faster than chance would have it, the steepest first; null while recovery-service does not answer.',
    ),
});

export type Fleet = z.infer<typeof fleetSchema>;
