import { listSchedulesSchema, scheduleNameSchema } from '@kintsugi/contracts';
import type { DocumentedRoute } from './documented-routes.js';
import { exampleScheduleName } from './examples.js';

const scheduleName = { schema: scheduleNameSchema, example: exampleScheduleName };

/** The routes by which schedules are read. */
export const scheduleRoutes: DocumentedRoute[] = [
  {
    method: 'get',
    path: '/v1/schedules',
    operationId: 'listSchedules',
    tag: 'jobs',
    access: 'viewer',
    summary: 'Schedules, by name',
    query: listSchedulesSchema,
    answer: { kind: 'json', description: 'A page of schedules.', of: 'listSchedules' },
    problems: ['VALIDATION_FAILED'],
  },
  {
    method: 'get',
    path: '/v1/schedules/{id}',
    operationId: 'getSchedule',
    tag: 'jobs',
    access: 'viewer',
    summary: 'A schedule with its next ten ticks',
    id: scheduleName,
    answer: { kind: 'json', description: 'The schedule.', of: 'getSchedule' },
    problems: ['VALIDATION_FAILED', 'SCHEDULE_NOT_FOUND'],
  },
];
