import type { FetchJobHistory, JobStatus } from '@kintsugi/contracts';

export type HistoryFilters = FetchJobHistory['filters'];

/** All states, for those who do not import the contracts' code. */
export const jobStatuses = [
  ...(['scheduled', 'pending', 'running', 'paused', 'recovering'] as const),
  ...(['cancelling', 'completed', 'failed', 'cancelled', 'deleting'] as const),
] satisfies JobStatus[];

const textFields = {
  type: 'type',
  user: 'user_id',
  product: 'product_id',
  group: 'sending_group_id',
  tenant: 'tenant',
  label: 'label',
} as const;

/** The words before a colon that the search box knows. */
export const searchFields = ['status', 'error', 'since', 'before', ...Object.keys(textFields)] as const;

const jobId = /^job_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.\d+)?$/;

const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export interface JobSearch {
  filters: HistoryFilters;
  /** The one job that is named, where nothing else is. */
  jobId: string | null;
  /** Parts that say nothing, each as it was typed. */
  unknown: string[];
}

/** What a search box says: `status:failed type:greet label:team=blue since:1h error:smtp.* some words`. Quotes keep words together. */
export function readSearch(text: string, now: Date): JobSearch {
  const filters: HistoryFilters = {};
  const words: string[] = [];
  const unknown: string[] = [];
  for (const token of tokensOf(text)) {
    const [, field, value] = /^([a-z]+):(.*)$/s.exec(token) ?? [];
    if (field === undefined || value === undefined) words.push(token);
    else if (!take(filters, field, unquoted(value), now)) unknown.push(token);
  }
  const rest = words.map(unquoted).join(' ');
  const isId = jobId.test(rest);
  if (rest && !isId) filters.text = rest.slice(0, 128);
  return { filters, jobId: isId ? rest : null, unknown };
}

/** The same search with a value of a field in it, or out of it where it was. */
export function toggled(text: string, field: string, value: string): string {
  const token = `${field}:${value}`;
  const tokens = tokensOf(text);
  const others = tokens.filter((each) => each !== token);
  return (others.length < tokens.length ? others : [...tokens, token]).join(' ');
}

export function has(text: string, field: string, value: string): boolean {
  return tokensOf(text).includes(`${field}:${value}`);
}

/** What the word under the cursor, the last one, could become. */
export function completions(text: string, known: Readonly<Record<string, readonly string[]>>): string[] {
  const last = /\S*$/.exec(text)?.[0] ?? '';
  const before = text.slice(0, text.length - last.length);
  const [, field, part] = /^([a-z]+):(.*)$/.exec(last) ?? [];
  const words =
    field === undefined
      ? searchFields.filter((name) => last !== '' && name.startsWith(last)).map((name) => `${name}:`)
      : (known[field] ?? [])
          .filter((value) => value.startsWith(part ?? '') && value !== part)
          .map((value) => `${field}:${value}`);
  return words.slice(0, 10).map((word) => before + word);
}

function take(filters: HistoryFilters, field: string, value: string, now: Date): boolean {
  if (value === '') return true;
  if (field === 'status') {
    const states = value.split(',').filter((state): state is JobStatus => (jobStatuses as readonly string[]).includes(state));
    filters.status = [...new Set([...(filters.status ?? []), ...states])];
    return states.length > 0;
  }
  if (field === 'error') filters.error_types = [...(filters.error_types ?? []), value];
  else if (field === 'since' || field === 'before') return takeTime(filters, field, value, now);
  else if (field === 'label' && !/^[^=]+=/.test(value)) return false;
  else if (Object.hasOwn(textFields, field)) filters[textFields[field as keyof typeof textFields]] = value;
  else return false;
  return true;
}

function takeTime(filters: HistoryFilters, field: 'since' | 'before', value: string, now: Date): boolean {
  const at = timeOf(value, now);
  if (at === null) return false;
  const { start = '1970-01-01T00:00:00.000Z', end = '2999-12-31T00:00:00.000Z' } = filters.date_range ?? {};
  filters.date_range = field === 'since' ? { start: at, end } : { start, end: at };
  return true;
}

/** `90m`, `1h` and `7d` are so long ago; anything else is a date. */
function timeOf(value: string, now: Date): string | null {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(value) ?? [];
  const ms = count === undefined ? Date.parse(value) : now.getTime() - Number(count) * (unitMs[unit ?? ''] ?? 0);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function tokensOf(text: string): string[] {
  return text.match(/[a-z]+:"[^"]*"|"[^"]*"|\S+/g) ?? [];
}

function unquoted(text: string): string {
  return /^"[^"]*"$/.test(text) ? text.slice(1, -1) : text;
}
