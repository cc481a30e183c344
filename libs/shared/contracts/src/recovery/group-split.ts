import { z } from 'zod';
import { limits } from '../limits.js';
import { errorGroupIdSchema, errorRecordIdSchema, errorTypeSchema } from './error-record.js';

const valuesMax = 100;
const valueLengthMax = 1_000;
const placesMax = 128;

const splitByValueSchema = z.strictObject({
  kind: z.literal('value').describe('Those whose message has one of some values in a place.'),
  place: z.int().min(1).max(placesMax).describe('Which <*> of the title it is, counted from 1.'),
  values: z.array(z.string().min(1).max(valueLengthMax)).min(1).max(valuesMax).describe('What stands there.'),
});

const splitByTypeSchema = z.strictObject({
  kind: z.literal('type').describe('Those of some error types, where a merge has brought several together.'),
  error_types: z.array(errorTypeSchema).min(1).max(valuesMax).describe('The error types.'),
});

const splitByRecordsSchema = z.strictObject({
  kind: z.literal('records').describe('Those that are like some records: by what sets these apart from the others.'),
  error_record_ids: z.array(errorRecordIdSchema).min(1).max(valuesMax).describe('The records.'),
});

const splitByPartSchema = z.strictObject({
  kind: z.literal('part').describe('A group that was made part of it is one of its own again.'),
  group_id: errorGroupIdSchema.describe('That group.'),
});

const groupSplitSchema = z.discriminatedUnion('kind', [
  splitByValueSchema,
  splitByTypeSchema,
  splitByRecordsSchema,
  splitByPartSchema,
]);

export type GroupSplit = z.infer<typeof groupSplitSchema>;

export const splitGroupSchema = z.strictObject({
  group_id: errorGroupIdSchema.describe('The group that some leave.'),
  by: groupSplitSchema.describe('Which of its records leave it, and which failures from now on.'),
});

/** By what a group has left another. */
export const splitFromSchema = z.object({
  group_id: errorGroupIdSchema.describe('The group that it has left.'),
  by: z
    .discriminatedUnion('kind', [
      splitByValueSchema.extend({
        title: z.string().max(limits.errorMessageLength).describe('The title that the place is one of.'),
      }),
      splitByTypeSchema,
    ])
    .describe('Which failures are its own, and no more that of the other.'),
});

export type SplitFrom = z.infer<typeof splitFromSchema>;
