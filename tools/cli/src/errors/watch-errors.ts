import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@kintsugi/client';
import { ProblemError, type ActionInput, type ErrorRecord } from '@kintsugi/contracts';
import { Interruption } from '../interruption.js';
import type { Output } from '../terminal/output.js';
import { count } from '../terminal/quantities.js';
import { fit, harmless } from '../terminal/text-width.js';
import { fullPage } from './full-page.js';
import { RecordsSeen } from './records-seen.js';

const lookEveryMs = 1_000;
const lookEveryMsMax = 15_000;
/** Records of one look; of more only the newest are shown. */
const pageSize = 200;
const pagesMax = 5;

/**
 * Shows each failure as it is recorded, until somebody has enough of it. Once it has begun, it goes on through restarts of the platform:
 * what failed meanwhile is found afterwards.
 */
export async function watchErrors(
  client: Client,
  filter: Omit<ActionInput<'listErrors'>, 'limit' | 'cursor' | 'to'>,
  output: Output,
  interruption: Pick<Interruption, 'signal' | 'happened' | 'release'> = new Interruption(),
): Promise<void> {
  const seen = new RecordsSeen(filter.from === undefined ? Date.now() : Date.parse(filter.from));
  output.say(output.paint.dim('Each failure is shown as it is recorded. Ctrl-C ends it.'));
  const look = async (): Promise<void> => {
    const startedAt = Date.now();
    const { found, more } = await recordsSince(client, { ...filter, from: new Date(seen.from).toISOString() });
    const fresh = seen.take(found);
    if (!more) seen.noteWhole(startedAt);
    else output.say(output.paint.yellow(`More have failed than are shown; these are the newest ${count(found.length)}.`));
    output.outcome(fresh.map((record) => (output.json ? JSON.stringify(record) : lineOf(record, output))));
  };
  let againMs: number | null = null;
  try {
    while (!interruption.happened) {
      try {
        await look();
        againMs = lookEveryMs;
      } catch (error) {
        if (againMs === null || !(error instanceof ProblemError) || !error.toProblem().retryable) throw error;
        if (againMs === lookEveryMs) {
          output.say(output.paint.yellow(harmless(`${error.code}: ${error.message} It is asked again.`)));
        }
        againMs = Math.min(againMs * 2, lookEveryMsMax);
      }
      await delay(againMs, undefined, { signal: interruption.signal }).catch(() => undefined);
    }
  } finally {
    interruption.release();
  }
}

async function recordsSince(client: Client, filter: ActionInput<'listErrors'>): Promise<{ found: ErrorRecord[]; more: boolean }> {
  const found: ErrorRecord[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const query = { ...filter, limit: pageSize, ...(cursor ? { cursor } : {}) };
    const { items, next_cursor: next } = await fullPage(client, query);
    found.push(...items);
    cursor = next;
    if (next === null) break;
  }
  return { found, more: cursor !== null };
}

function lineOf(
  { id, timestamp, error_type, error_message, recovery_status }: ErrorRecord,
  { paint, rowColumns }: Output,
): string {
  const status = { pending: paint.red, failed: paint.red, in_progress: paint.yellow, recovered: paint.green }[recovery_status];
  const what = fit(harmless(`${error_type}: ${error_message}`), Math.max(20, Math.min(rowColumns, 200) - 14));
  return `${timestamp.slice(11, 23)}  ${what}\n  ${status(recovery_status)}  ${paint.dim(id)}`;
}
