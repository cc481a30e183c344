import { MessageTemplates } from '@kintsugi/message-templates';
import { failureMessage, hostileMessages } from '../../domain/failure-messages.js';
import type { Readings } from '../../domain/figure-book.js';
import { monotonicMs } from '../../load/monotonic-clock.js';

const tries = 5;
/** Messages of every kind that a hostile one meets the templates of. */
const metBefore = 1_000;
const microseconds = 1e6;

/** How many messages of failures one core sorts by kind in a second, and how long the worst single one holds it up. */
export function measureGrouping(count: number): Readings {
  const templates = new MessageTemplates();
  // What is measured is a service that has run for a while: code compiled, kinds met.
  for (let n = 0; n < count; n += 1) templates.templateOf(failureMessage(n));
  const before = process.threadCpuUsage();
  for (let n = count; n < 2 * count; n += 1) templates.templateOf(failureMessage(n));
  const { user, system } = process.threadCpuUsage(before);
  const worstMs = Math.max(...hostileMessages().map((message) => leastMs(message)));
  return { grouping_per_s: (count * microseconds) / (user + system), grouping_hostile_ms: worstMs };
}

/** Of several first meetings the shortest: what else the machine does is not in each of them. */
function leastMs(message: string): number {
  return Math.min(
    ...Array.from({ length: tries }, () => {
      const templates = new MessageTemplates();
      for (let n = 0; n < metBefore; n += 1) templates.templateOf(failureMessage(n));
      const startedAt = monotonicMs();
      templates.templateOf(message);
      return monotonicMs() - startedAt;
    }),
  );
}
