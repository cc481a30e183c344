import type { WebhookDelivery, WebhookView } from '@kintsugi/contracts';
import { moreLines } from '../terminal/more-line.js';
import type { Output } from '../terminal/output.js';
import { count } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';

const labelWidth = 12;

/** Webhooks for a person, one in a row. */
export function webhooksTable(
  items: readonly WebhookView[],
  nextCursor: string | null,
  { paint, rowColumns }: Pick<Output, 'paint' | 'rowColumns'>,
): string[] {
  if (items.length === 0) return ['No webhooks. ./kintsugi webhooks --help shows how to make one.'];
  const lines = table(
    [
      { title: 'NAME', shrinks: true, columnsMin: 8 },
      { title: 'STATE' },
      { title: 'TOLD OF', shrinks: true, columnsMin: 10 },
      { title: 'TAKEN', align: 'right' },
      { title: 'DEAD', align: 'right' },
    ],
    items.map((webhook) => [
      harmless(webhook.name),
      stateOf(webhook),
      webhook.events.join(' '),
      ...[webhook.delivered, webhook.dead].map(count),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, ...moreLines(nextCursor, paint)];
}

/** What a webhook has not taken, a message in a row. */
export function deliveriesTable(
  items: readonly WebhookDelivery[],
  nextCursor: string | null,
  { paint, rowColumns }: Pick<Output, 'paint' | 'rowColumns'>,
): string[] {
  if (items.length === 0) return ['Nothing waits, and nothing was given up.'];
  const lines = table(
    [
      { title: 'EVENT' },
      { title: 'STATE' },
      { title: 'TRIES', align: 'right' },
      { title: 'NEXT' },
      { title: 'WHY', shrinks: true, columnsMin: 10 },
    ],
    items.map(({ event, state, attempts, next_at: next, last_error: error }) => [
      ...[event, state, count(attempts), next ?? '', harmless(error ?? '')],
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  return [...lines, ...moreLines(nextCursor, paint)];
}

/** One webhook for a person. */
export function webhookLines(webhook: WebhookView, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const field = (name: string, text: string): string[] =>
    wrap(text, columns - labelWidth - 2).map((line, at) => `  ${paint.dim((at === 0 ? name : '').padEnd(labelWidth))}${line}`);
  const state = stateOf(webhook);
  return [
    `${harmless(webhook.name)}  ${state === 'enabled' ? paint.green(state) : paint.yellow(state)}`,
    ...field('Posts to', harmless(webhook.url)),
    ...field('Told of', webhook.events.join(', ')),
    ...field('So far', `${count(webhook.delivered)} taken, ${count(webhook.dead)} given up`),
    ...(webhook.disabled_reason === null ? [] : field('Disabled', harmless(webhook.disabled_reason))),
    ...(webhook.failing_since === null ? [] : field('Fails since', webhook.failing_since)),
    ...(webhook.last_error === null ? [] : field('Last error', harmless(webhook.last_error))),
    ...(webhook.secret === undefined ? [] : field('Secret', `${harmless(webhook.secret)} (shown this once)`)),
  ];
}

function stateOf({ enabled, failing_since: failing }: WebhookView): string {
  if (!enabled) return 'disabled';
  return failing === null ? 'enabled' : 'failing';
}
