import type { z } from 'zod';
import { listAlertConditionsSchema, listAlertsSchema, queryLimitSchema } from '@kintsugi/contracts';

/** The query of `GET /v1/alerts`. */
export const alertsQuerySchema = listAlertsSchema.extend({ limit: queryLimitSchema });

/** The query of `GET /v1/alert-conditions` and `GET /v1/alert-silences`. */
export const alertPageQuerySchema = listAlertConditionsSchema.extend({ limit: queryLimitSchema });

export type AlertsQuery = z.output<typeof alertsQuerySchema>;
export type AlertPageQuery = z.output<typeof alertPageQuerySchema>;
