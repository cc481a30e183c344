import type { Step } from '@kintsugi/contracts';
import type { Output } from '../terminal/output.js';
import { duration, toTheSecond } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless } from '../terminal/text-width.js';

/** The steps that the handler of a task has kept, for a person. */
export function stepLines(taskId: string, steps: readonly Step[], { columns }: Pick<Output, 'columns'>): string[] {
  if (steps.length === 0) return [`${harmless(taskId)} has kept no steps.`];
  return table(
    [
      { title: 'STEP', shrinks: true },
      { title: 'ATTEMPT' },
      { title: 'DONE' },
      { title: 'TOOK' },
      { title: 'RETURNED', shrinks: true },
    ],
    steps.map(({ name, attempt, finished_at: done, duration_ms: took, result }) => [
      harmless(name),
      String(attempt),
      toTheSecond(done),
      duration(took),
      harmless(JSON.stringify(result) ?? ''),
    ]),
    { columns },
  );
}
