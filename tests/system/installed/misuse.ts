import type { Client } from '@kintsugi/client';
import type { Worker } from '@kintsugi/worker-sdk';
import { greet } from './jobs.js';

/** What the compiler must refuse: each line below is an error, and that it is none would be one. */
export function misuse(client: Client, worker: Worker): void {
  const job = { product_id: 'shop', sending_group_id: 'readers' };
  // @ts-expect-error: the payload has no name
  worker.plan(greet, () => [{ payload: { on: '2026-01-02' } }]);
  // @ts-expect-error: the handler gets a Date, and no text
  worker.handle(greet, ({ task }) => ({ greeting: task.payload.on.trim(), year: 2026 }));
  // @ts-expect-error: the result needs a year
  worker.handle(greet, ({ task }) => ({ greeting: task.payload.name }));
  // @ts-expect-error: the name is a text
  void client.submit(greet, job, [{ payload: { name: 7, on: '2026-01-02' } }]);
  // @ts-expect-error: the type of a definition is its own
  void client.submit(greet, { ...job, type: 'other' });
  // @ts-expect-error: a job has a product
  void client.submit(greet, { sending_group_id: 'readers' });
}
