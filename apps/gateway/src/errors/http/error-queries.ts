import type { z } from 'zod';
import { listErrorGroupsSchema, listErrorsSchema, operations, queryLimitSchema } from '@kintsugi/contracts';

/** The query of `GET /v1/errors`. */
export const errorsQuerySchema = listErrorsSchema.extend({ limit: queryLimitSchema });

export type ErrorsQuery = z.output<typeof errorsQuerySchema>;

/** The query of `GET /v1/error-groups`. */
export const errorGroupsQuerySchema = listErrorGroupsSchema.extend({ limit: queryLimitSchema });

export type ErrorGroupsQuery = z.output<typeof errorGroupsQuerySchema>;

export const errorTypeSchema = operations.getRetryConfig.request.shape.error_type;

export const errorRecordIdSchema = operations.getError.request.shape.error_record_id;
