import type { Client } from '@kintsugi/client';
import type { LiveFrame } from '../terminal/live-view.js';
import type { Output } from '../terminal/output.js';
import { wrap } from '../terminal/text-width.js';
import { advance, progressOf, settledTasks } from './job-progress.js';
import { Pace } from './pace.js';
import { progressFrame } from './progress-frame.js';
import { waitingAdviceOf, waitingWords } from './waiting-words.js';

export interface WatchOptions {
  /** Ends the watching with its reason; the job goes on. */
  signal: AbortSignal;
  /** Lines below the progress. */
  notes?: () => string[];
  /** Leaves the last of it on the screen. */
  stays?: boolean;
}

const tickEveryMs = 250;
/** How often it is asked whether workers have come or gone: no event tells. */
const lookEveryMs = 2_000;

/** Shows how a job goes until it has ended. */
export async function watchJob(
  client: Client,
  jobId: string,
  output: Output,
  { signal, notes, stays }: WatchOptions,
): Promise<void> {
  const job = await client.getJob(jobId);
  let seen = job;
  const live = output.live();
  const pace = new Pace();
  let progress = progressOf(job);
  const frame = (perSecond: number | null, elapsedMs: number): LiveFrame =>
    progressFrame(progress, { perSecond, elapsedMs }, output);
  // Of a job that has ended already, the time that it took.
  const elapsed = (): number => Date.parse(job.finished_at ?? new Date().toISOString()) - Date.parse(job.created_at);
  const show = (): void => {
    pace.add(performance.now(), settledTasks(progress));
    const { lines, summary } = frame(pace.perSecond(), elapsed());
    const words = waitingWords(seen);
    const waiting = wrap(waitingAdviceOf(seen) ?? '', output.columns - 4).map((line) => `  ${output.paint.yellow(line)}`);
    live.show({
      lines: [...lines, ...(words ? waiting : []), ...(notes?.() ?? [])],
      summary: words ? `${summary}\n${words}` : summary,
    });
  };
  const ticking = setInterval(show, tickEveryMs);
  const looking = setInterval(() => {
    client.getJob(jobId).then(
      (found) => (seen = found),
      () => undefined,
    );
  }, lookEveryMs);
  try {
    for await (const event of client.followJob(jobId, { signal })) {
      progress = advance(progress, event);
      show();
    }
    if (stays) live.show(frame(averagePace(settledTasks(progress), elapsed()), elapsed()));
    else live.clear();
  } finally {
    clearInterval(ticking);
    clearInterval(looking);
    live.end();
  }
}

/** Of the whole course: at its end, the last seconds say little. */
function averagePace(done: number, elapsedMs: number): number {
  return (done * 1000) / Math.max(1, elapsedMs);
}
