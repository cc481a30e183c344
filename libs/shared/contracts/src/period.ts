import { z } from 'zod';

const earliest = Date.parse('0000-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * A time with its zone, in ISO 8601. In UTC its year has four digits: times are compared as texts too, and those of longer years would
 * stand before all others.
 */
export const timeSchema = z.iso
  .datetime({ offset: true })
  .refine(
    (text) => !(Date.parse(text) < earliest || Date.parse(text) > latest),
    'a time that is in the years 0000 to 9999 in UTC',
  );

/** A time with a start and an end, which is not in it any more. */
export const periodSchema = z
  .strictObject({
    start: timeSchema.describe('Its first moment.'),
    end: timeSchema.describe('The first moment after it.'),
  })
  .refine(({ start, end }) => Date.parse(start) < Date.parse(end), { message: 'a time after start', path: ['end'] });

/** Where the true share lies; null where there is nothing to take one of. */
export const rateIntervalSchema = z.tuple([z.number(), z.number()]).nullable();
