import type { JobPreview } from '@kintsugi/contracts';
import type { Output } from '../terminal/output.js';
import { harmless, wrap } from '../terminal/text-width.js';

const fieldWidth = 20;

/** What would become of a job, for a person. */
export function previewLines({ rules }: JobPreview, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const lines = rules.flatMap(({ field, says }) =>
    wrap(harmless(says), columns - fieldWidth - 2).map(
      (line, index) => `  ${paint.dim((index === 0 ? field : '').padEnd(fieldWidth))}${line}`,
    ),
  );
  return [paint.bold('The job would be accepted; nothing was stored.'), ...lines];
}
