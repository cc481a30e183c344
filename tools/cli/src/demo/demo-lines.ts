import type { Output } from '../terminal/output.js';
import { count, duration, percent, plural } from '../terminal/quantities.js';
import { commandLines, fit, harmless, wrap } from '../terminal/text-width.js';
import type { DemoSummary, FirstEnd } from './demo-summary.js';

type Screen = Pick<Output, 'paint' | 'columns'>;

/** How the job ended by itself. */
export function firstEndLines(end: FirstEnd, delivered: number, tookMs: number, { paint, columns }: Screen): string[] {
  const field = (name: string, value: string, note = '', color = plain): string =>
    `  ${name.padEnd(22)}${color(value.padStart(9))}${note ? `   ${paint.dim(note)}` : ''}`;
  const shareOfAll = (share: number, color = plain): [string, string, Color] => [count(share * end.tasks), percent(share), color];
  return [
    paint.bold(`By itself, in ${duration(tookMs)}`),
    field('Tasks', count(end.tasks)),
    field('Delivered', ...shareOfAll(end.tasks === 0 ? 0 : delivered / end.tasks, paint.green)),
    ...(end.first_try_share === null ? [] : [field('At the first try', ...shareOfAll(end.first_try_share))]),
    field('Retries', count(end.retries), '', paint.yellow),
    field('Recovered by retry', count(end.recovered_by_retry), '', paint.green),
    ...(end.p50_ms === null || end.p99_ms === null
      ? []
      : [field('Submit to done', duration(end.p50_ms), `half of them; 99 % within ${duration(end.p99_ms)}`)]),
    field('Waiting for a person', count(end.dead), end.dead > 0 ? `in ${plural(end.groups.length, 'group')}` : '', paint.red),
    ...end.groups.map(({ title, error_type, count: size }) => {
      const words = fit(`${harmless(error_type)}: ${harmless(title)}`, columns - 36);
      return `  ${count(size).padStart(31)}   ${words}`;
    }),
  ];
}

type Color = (text: string) => string;

const plain: Color = (text) => text;

/** Where everything is that stays up, and how to stop it. */
export function keptLines(apiUrl: string, home: string, screen: Screen): string[] {
  return stayingLines(apiUrl, home, ['Errors', './kintsugi errors'], screen);
}

/** The same for a pool. */
export function keptPoolLines(apiUrl: string, home: string, screen: Screen): string[] {
  return stayingLines(apiUrl, home, ['Slots', './kintsugi pool show demo'], screen);
}

function stayingLines(apiUrl: string, home: string, [name, look]: [string, string], { paint, columns }: Screen): string[] {
  const field = (title: string, lines: string[]): string[] =>
    lines.map((line, index) => `  ${(index === 0 ? title : '').padEnd(10)}${line}`);
  return [
    '',
    paint.bold('Everything stays up'),
    ...field('API', [paint.bold(apiUrl)]),
    ...field('Try it', [`${apiUrl}/docs`]),
    ...field(name, commandLines(look, `--home ${home}`, columns - 12)),
    ...field('Stop it', commandLines('./kintsugi down', `--home ${home}`, columns - 12)),
  ];
}

/** Whether every message that can arrive arrived exactly once, by the mail server's own count. */
export function verdictLines(summary: DemoSummary, faults: string[], { paint, columns }: Screen): string[] {
  const { delivered, unique, expected, wall_s } = summary;
  const stats = `delivered ${count(delivered)}, unique ${count(unique)}, expected ${count(expected)}`;
  const words =
    faults.length === 0
      ? paint.bold(paint.green('delivered = unique = expected'))
      : paint.bold(paint.red('NOT delivered = unique = expected'));
  return [
    `${words}, by the mail server's own count`,
    `  ${stats}`,
    ...faults.flatMap((fault) => wrap(`${fault}.`, columns - 2).map((line) => `  ${line}`)),
    paint.dim(`  The whole demo took ${duration(wall_s * 1000)}.`),
  ];
}
