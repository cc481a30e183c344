import { createWorker } from '@kintsugi/worker-sdk';

const worker = createWorker({ handleSignals: true });

// Each part is done once: what it returned is kept before the next one begins, and the next run gets it again.
worker.handle('orders.fulfil', async ({ task, attempt, run_key, step, log }) => {
  const { order } = task.payload;
  const stock = await step('reserve', () => ({ shelf: order % 12 }));
  const payment = await step('charge', () => {
    if (attempt === 1) throw Object.assign(new Error('The bank does not answer.'), { code: 'ECONNRESET' });
    // A part may run again where its worker is killed before it is kept: the key lets the bank charge once.
    return { receipt: `${run_key}/charge` };
  });
  await step('ship', () => log(`Order ${order} leaves shelf ${stock.shelf}`));
  return payment;
});

await worker.start();
