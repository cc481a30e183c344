import { setTimeout as delay } from 'node:timers/promises';
import { NonRetryable, TaskError, createWorker } from '@kintsugi/worker-sdk';

/** A worker whose tasks fail as those of real ones do, so that there is something to see. */
const worker = createWorker({ handleSignals: true });
const [red, green, dim, plain] = [31, 32, 90, 0].map((code) => `\u001b[${code}m`);

interface Given {
  number: number;
}

interface Step {
  step: string;
  shop?: string;
  region?: string;
}

worker.handle('mail.send', ({ task, attempt, log }) => {
  const { number } = task.payload as Given;
  log(`${dim}connecting to mx${(number % 3) + 1}.example.org:25${plain}`, 'debug');
  if (number % 40 === 7) {
    log(`${red}550${plain} mailbox reader-${number}@example.org is unknown`, 'error');
    throw new NonRetryable(`Mailbox reader-${number}@example.org is unknown`, { error_type: 'smtp.550' });
  }
  if (number % 9 === 0 && attempt < 3) {
    log(`451 greylisted, try again in ${number % 60} seconds`, 'warn');
    throw new TaskError(`Greylisted, try again in ${number % 60} seconds`, { error_type: 'smtp.451' });
  }
  log(`${green}250${plain} queued as m-${number}`);
  return { message_id: `m-${number}` };
});
worker.handle('invoice.render', ({ task }) => {
  const { number } = task.payload as Given;
  if (number % 5 === 3) {
    throw new NonRetryable(`Template invoice-v2 has no field "vat_${number}"`, { error_type: 'template.field' });
  }
  return { pages: (number % 4) + 1 };
});
worker.handle('sales.figures', async ({ task, log }) => {
  const { step, shop = '', region = '' } = task.payload as Step;
  await delay(400);
  log(`${step} ${shop}${region}`);
  if (region === 'asia') throw new NonRetryable('No figures from kyoto since 2026-10-31', { error_type: 'figures.missing' });
  return { rows: shop.length * 1_000 };
});
worker.handle('report.nightly', async ({ signal, log, progress }) => {
  for (let page = 1; !signal.aborted; page += 1) {
    // Work that a chart can show.
    for (const until = performance.now() + 150 + 100 * Math.sin(page / 9); performance.now() < until;) Math.sqrt(page);
    log(`page ${page} rendered`);
    progress((page % 100) / 100);
    await delay(600, undefined, { signal }).catch(() => undefined);
  }
});
await worker.start();
