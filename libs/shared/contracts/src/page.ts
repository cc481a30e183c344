import { z } from 'zod';
import { limits } from './limits.js';

/** How a caller asks for one page of many items. */
export const pageShape = {
  limit: z.int().min(1).max(limits.pageSize).default(50).describe('Items of one page.'),
  cursor: z.string().min(1).max(500).optional().describe('The next_cursor of the page before.'),
};

/** A page's limit as a query gives it: text. */
export const queryLimitSchema = z
  .string()
  .regex(/^\d{1,4}$/, `a whole number from 1 to ${limits.pageSize}`)
  .transform(Number)
  .pipe(z.int().min(1).max(limits.pageSize))
  .optional();

/** A page of items, and where the next one begins. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item).describe('The items of this page.'),
    next_cursor: z.string().nullable().describe('The cursor of the next page; null at the end.'),
  });
}
