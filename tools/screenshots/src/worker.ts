import { NonRetryable, TaskError, createWorker } from '@kintsugi/worker-sdk';

/** A worker whose tasks fail as those of real ones do, so that there is something to see. */
const worker = createWorker({ handleSignals: true });

interface Given {
  number: number;
}

worker.handle('mail.send', ({ task, attempt }) => {
  const { number } = task.payload as Given;
  if (number % 40 === 7) throw new NonRetryable(`Mailbox reader-${number}@example.org is unknown`, { error_type: 'smtp.550' });
  if (number % 9 === 0 && attempt < 3) {
    throw new TaskError(`Greylisted, try again in ${number % 60} seconds`, { error_type: 'smtp.451' });
  }
  return { message_id: `m-${number}` };
});
worker.handle('invoice.render', ({ task }) => {
  const { number } = task.payload as Given;
  if (number % 5 === 3) {
    throw new NonRetryable(`Template invoice-v2 has no field "vat_${number}"`, { error_type: 'template.field' });
  }
  return { pages: (number % 4) + 1 };
});
worker.handle(
  'report.nightly',
  ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
);
await worker.start();
