import { z } from 'zod';

/** A time with its zone, in ISO 8601. */
export const timeSchema = z.iso.datetime({ offset: true });

/** A time with a start and an end, which is not in it any more. */
export const periodSchema = z
  .strictObject({
    start: timeSchema.describe('Its first moment.'),
    end: timeSchema.describe('The first moment after it.'),
  })
  .refine(({ start, end }) => Date.parse(start) < Date.parse(end), { message: 'a time after start', path: ['end'] });

/** Where the true share lies; null where there is nothing to take one of. */
export const rateIntervalSchema = z.tuple([z.number(), z.number()]).nullable();
