import type { ProblemDetail } from '@kintsugi/contracts';
import type { Failure } from '../failure.js';
import type { Output } from './output.js';
import { harmless, wrap } from './text-width.js';

/** A failure for a person: what it is, where, what was got and allowed, and what to do next. */
export function failureLines(failure: Failure, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const { problem } = failure;
  const lines = wrap(`${failure.code}: ${safe(headlineOf(failure))}`, columns);
  lines[0] = (lines[0] ?? '').replace(failure.code, paint.bold(paint.red(failure.code)));
  for (const fault of problem?.errors ?? []) lines.push(...faultLines(fault, columns));
  if (problem?.current) {
    lines.push(...indented(`The state is ${problem.current}; allowed from: ${problem.allowed?.join(', ')}`, columns));
  }
  for (const line of failure.log) lines.push(...wrap(safe(line), columns - 4).map((part) => paint.dim(`  | ${part}`)));
  if (failure.advice) lines.push(...wrap(failure.advice, columns));
  if (problem?.request_id) lines.push(paint.dim(`Request ${safe(problem.request_id)}`));
  return lines;
}

/** The words of a problem that only lists its faults would say twice what follows. */
function headlineOf({ message, problem }: Failure): string {
  const [first] = problem?.errors ?? [];
  return problem && first && message.startsWith(`${first.path || 'The input'}: ${first.rule}`) ? `${problem.title}.` : message;
}

function faultLines({ path, rule, got, allowed, hint }: ProblemDetail, columns: number): string[] {
  return [
    ...indented(`${safe(path) || 'the input'} (${rule})`, columns),
    ...(got === undefined ? [] : indented(`  got      ${safe(got)}`, columns)),
    ...(allowed === undefined ? [] : indented(`  allowed  ${safe(allowed)}`, columns)),
    ...(hint === undefined ? [] : indented(`  hint     ${safe(hint)}`, columns)),
  ];
}

function indented(text: string, columns: number): string[] {
  const margin = '  ';
  const lead = /^ */.exec(text)?.[0] ?? '';
  return wrap(text.trimStart(), columns - margin.length - lead.length).map((line) => margin + lead + line);
}

function safe(text: string): string {
  return text.split('\n').map(harmless).join('\n');
}
