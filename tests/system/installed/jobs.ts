import { defineJob } from '@kintsugi/client';
import { z } from 'zod';

/** What the producer and the worker of the test share. */
export const greet = defineJob({
  type: 'greet',
  payload: z.object({ name: z.string().min(1), on: z.iso.date().transform((on) => new Date(on)) }),
  result: z.object({ greeting: z.string(), year: z.int() }),
});
