import { shellWord } from '../../display/domain/shell-word.js';

/** What a reader asks of the audit; it stands in the address. */
export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  service?: string | undefined;
  phase?: string | undefined;
  /** How far back: a period such as 24h. */
  since?: string | undefined;
}

const hourMs = 3_600_000;

/** How far back a reader may look without saying a time. */
export const periods = { '1h': hourMs, '24h': 24 * hourMs, '7d': 168 * hourMs, '30d': 720 * hourMs } as const;

/** The query of the API; whole minutes, so that the same question is asked again as it was. */
export function queryOf({ since, ...filter }: AuditFilter, now: Date): Record<string, string | undefined> {
  const period = since !== undefined && Object.hasOwn(periods, since) ? periods[since as keyof typeof periods] : null;
  if (period === null) return filter;
  const from = new Date(Math.floor((now.getTime() - period) / 60_000) * 60_000);
  return { ...filter, since: from.toISOString() };
}

/** Those of the command, which has none for the phase. */
const options = ['actor', 'action', 'subject', 'service', 'since'] as const;

/** The command that lists the same. */
export function commandOf(filter: AuditFilter, now: Date): string {
  const query = queryOf(filter, now);
  const given = options.flatMap((name) => (query[name] ? [`--${name} ${shellWord(query[name])}`] : []));
  return ['./kintsugi audit list', ...given].join(' ');
}
