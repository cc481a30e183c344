import type { z } from 'zod';
import { listSchedulesSchema, queryLimitSchema } from '@kintsugi/contracts';

/** The query of `GET /v1/schedules`. */
export const schedulesQuerySchema = listSchedulesSchema.extend({ limit: queryLimitSchema });

export type SchedulesQuery = z.output<typeof schedulesQuerySchema>;
