import { createClient, type Client } from '@kintsugi/client';
import { ProblemError, type ActionInput } from '@kintsugi/contracts';
import type { BenchPlan } from '../bench-plan.js';
import { customerOf, groupOf, groupSample, jobOf, needle, timeOf, type ErrorSampling } from '../domain/error-samples.js';
import type { Readings } from '../domain/figure-book.js';
import { medianOf } from '../domain/statistics.js';
import { fillErrors, untilHoursAreLaid } from '../load/error-filler.js';
import type { Address } from '../system/system-under-test.js';
import { percentilesOf } from './percentiles.js';
import { timed } from './timed.js';

type Search = ActionInput<'listErrors'>;

const pageSize = 50;
const timeoutMs = 60_000;
const rareSearches = 5;
const analyses = 5;
/** One that takes as long is not asked for again. */
const patienceMs = 10_000;
const statuses = ['pending', 'in_progress', 'recovered', 'failed'] as const;

/** A store full of error records, asked over HTTP as people and their tools ask: the inbox, searches of each kind, a month's analysis. */
export async function measureErrors({ api, mongo }: Address, plan: BenchPlan, signal: AbortSignal): Promise<Readings> {
  const sampling = { records: plan.errorRecords, groups: plan.errorGroups, now: Date.now() };
  await fillErrors(String(mongo), sampling, signal);
  const client = createClient({ baseUrl: String(api), timeoutMs });
  const first = await analysisTime(client, sampling);
  await untilHoursAreLaid(String(mongo), sampling);
  const { p50Ms, p99Ms } = percentilesOf(await inboxTimes(client, plan.searches));
  const byKind: Readings = {};
  for (const [name, searchOf] of Object.entries(kindsOfSearch(sampling))) {
    signal.throwIfAborted();
    byKind[name as keyof Readings] = percentilesOf(await searchTimes(client, plan.searches, searchOf)).p99Ms;
  }
  const rare = await rareTimes(client);
  return {
    errors_inbox_p99_ms: p99Ms,
    errors_inbox_p50_ms: p50Ms,
    errors_search_p99_ms: Math.max(...Object.values(byKind), percentilesOf(rare.pages).p99Ms),
    ...byKind,
    errors_by_rare_text_ms: medianOf(rare.whole),
    errors_analysis_ms: medianOf(await analysisTimes(client, sampling)),
    errors_analysis_first_ms: first,
  };
}

/** Pages one behind the other, as somebody reads on; the first again where there are no more. */
async function inboxTimes(client: Client, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let cursor: string | undefined; times.length < count;) {
    times.push(
      await timed(async () => {
        const page = await client.listGroups({ state: 'open', ...(cursor === undefined ? {} : { cursor }) });
        if (page.items.length === 0) throw new Error('A page of the inbox is empty.');
        cursor = page.next_cursor ?? undefined;
      }),
    );
  }
  return times;
}

function kindsOfSearch(sampling: ErrorSampling) {
  const step = Math.floor(sampling.records / 1_009);
  const groupAt = (n: number) => groupSample(groupOf(n * step, sampling.groups));
  return {
    errors_by_type_p99_ms: (n: number): Search => ({ error_type: n % 2 === 0 ? 'smtp.*' : groupAt(n).error_type }),
    errors_by_job_p99_ms: (n: number): Search => ({ job_id: jobOf(n * step) }),
    errors_by_job_type_p99_ms: (n: number): Search => ({ job_type: groupAt(n).job_type }),
    errors_by_time_p99_ms: (n: number): Search => ({
      from: new Date(timeOf(n * step, sampling)).toISOString(),
      to: new Date(timeOf(n * step + step, sampling)).toISOString(),
    }),
    errors_by_status_p99_ms: (n: number): Search => ({ recovery_status: statuses[n % statuses.length] }),
    errors_by_group_p99_ms: (n: number): Search => ({ group_id: groupAt(n).id }),
    errors_by_label_p99_ms: (n: number): Search => ({ label: `customer=${customerOf(n * step)}` }),
    errors_by_text_p99_ms: (n: number): Search => ({ text: n % 2 === 0 ? groupAt(n).verb : groupAt(n).word }),
  };
}

async function searchTimes(client: Client, count: number, searchOf: (n: number) => Search): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) times.push(await timed(() => wholePage(client, searchOf(n)).catch(refused)));
  return times;
}

/** What somebody waits for: an answer that ended before its page was full is gone on from. */
async function wholePage(client: Client, search: Search): Promise<void> {
  let found = 0;
  for (let cursor: string | null | undefined; cursor !== null && found < pageSize;) {
    const page = await client.listErrors({ ...search, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) });
    found += page.items.length;
    cursor = page.next_cursor;
  }
}

/** A text of one record, page by page until it is found: what one answer takes, and all of them. */
async function rareTimes(client: Client): Promise<{ pages: number[]; whole: number[] }> {
  const pages: number[] = [];
  const whole: number[] = [];
  for (let n = 0; n < rareSearches; n += 1) {
    const before = pages.length;
    let found = 0;
    for (let cursor: string | null | undefined; found === 0 && cursor !== null;) {
      const query: Search = { text: needle, ...(cursor === undefined ? {} : { cursor }) };
      pages.push(
        await timed(async () => {
          const page = await client.listErrors(query);
          found += page.items.length;
          cursor = page.next_cursor;
        }),
      );
    }
    if (found !== 1) throw new Error(`One record has the text, and ${found} were found.`);
    whole.push(pages.slice(before).reduce((sum, ms) => sum + ms, 0));
  }
  return { pages, whole };
}

/** A search that takes too long is ended with a problem: the time until then is a figure as well. */
function refused(error: unknown): void {
  if (!(error instanceof ProblemError) || error.code !== 'VALIDATION_FAILED') throw error;
}

async function analysisTimes(client: Client, sampling: ErrorSampling): Promise<number[]> {
  const times: number[] = [];
  while (times.length < analyses && (times.at(-1) ?? 0) <= patienceMs) times.push(await analysisTime(client, sampling));
  return times;
}

async function analysisTime(client: Client, { records, now }: ErrorSampling): Promise<number> {
  const period = { start: new Date(now - 31 * 86_400_000).toISOString(), end: new Date(now + 1).toISOString() };
  return timed(async () => {
    const analysis = await client.analyzeErrors({ period }).catch(unanswered);
    const tasks = analysis?.totals.tasks ?? records;
    if (tasks !== records) throw new Error(`The analysis is of ${tasks} tasks, and not of ${records}.`);
  });
}

/** One that takes longer than its caller waits has no end to be measured: the time until then is its figure, and beyond every bar. */
function unanswered(error: unknown): null {
  if (!(error instanceof ProblemError) || !error.toProblem().retryable) throw error;
  return null;
}
