import type { JobExplanation, JobWait } from '@kintsugi/contracts';
import type { Output } from '../terminal/output.js';
import { ago, duration } from '../terminal/quantities.js';
import { harmless, wrap } from '../terminal/text-width.js';
import { paintStatus } from './job-status-paint.js';

const labelWidth = 9;

/** What a job waits for, for a person. */
export function whyLines(
  { job_id, status, as_of, waiting }: JobExplanation,
  output: Pick<Output, 'paint' | 'columns'>,
): string[] {
  const { paint } = output;
  const title = `${job_id}  ${paint.bold(paintStatus(status, paint)(status))}`;
  if (waiting.length === 0) return [title, '', '  It waits for nothing.'];
  return [title, ...waiting.flatMap((wait) => ['', ...waitLines(wait, Date.parse(as_of), output)])];
}

function waitLines(wait: JobWait, now: number, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const field = (name: string, text: string | null): string[] =>
    text === null
      ? []
      : wrap(harmless(text), columns - labelWidth - 2).map(
          (line, index) => `  ${paint.dim((index === 0 ? name : '').padEnd(labelWidth))}${line}`,
        );
  return [
    `  ${paint.yellow(wait.reason)}`,
    ...wrap(harmless(wait.what), columns - 2).map((line) => `  ${line}`),
    ...field('Held by', wait.holder),
    ...field('Since', wait.since && ago(wait.since, now)),
    ...field('Left', etaWords(wait)),
    ...field('Do', wait.do),
  ];
}

function etaWords({ eta_s, eta_low_s, eta_high_s }: JobWait): string | null {
  if (eta_s === null) return null;
  const about = `about ${duration(eta_s * 1_000)}`;
  if (eta_low_s === null || eta_high_s === null || eta_low_s === eta_high_s) return about;
  return `${about}, likely ${duration(eta_low_s * 1_000)} to ${duration(eta_high_s * 1_000)}`;
}
