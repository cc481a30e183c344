import { defineJob } from '@kintsugi/client';
import { z } from 'zod';

export const sendReceipt = defineJob({
  type: 'shop.receipt',
  payload: z.object({ to: z.email(), total: z.number().positive() }),
  result: z.object({ sent_to: z.email() }),
});
