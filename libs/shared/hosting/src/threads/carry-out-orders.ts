import { setPriority } from 'node:os';
import { parentPort, type Transferable } from 'node:worker_threads';
import { guarded } from '@kintsugi/boundary';

/** What became of an order. */
export type OrderReport<Report> = { number: number } & ({ report: Report } | { fault: string });

interface CarriedOut<Report> {
  report: Report;
  /** Memory that goes to whoever gave the order. */
  given: readonly Transferable[];
}

/**
 * In the thread of an OrderedThread: carries out its orders, one after the other, with the priority that is given. What throws becomes a
 * fault of that order alone.
 */
export function carryOutOrders<Order extends object, Report extends object>(
  name: string,
  priority: number,
  carryOut: (order: Order) => CarriedOut<Report>,
): void {
  // On Linux a priority is a thread's own: where cores are short, others go first.
  if (process.platform === 'linux') yieldToOthers(priority);
  parentPort?.on(
    'message',
    guarded(`${name}.order`, ({ number, order }: { number: number; order: Order }) => {
      try {
        const { report, given } = carryOut(order);
        parentPort?.postMessage({ number, report } satisfies OrderReport<Report>, given);
      } catch (error) {
        const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
        parentPort?.postMessage({ number, fault } satisfies OrderReport<Report>);
      }
    }),
  );
}

function yieldToOthers(priority: number): void {
  try {
    setPriority(priority);
  } catch {
    // It has less already, and may not ask for more.
  }
}
