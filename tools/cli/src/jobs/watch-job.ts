import type { Client } from '@kintsugi/client';
import type { LiveFrame } from '../terminal/live-view.js';
import type { Output } from '../terminal/output.js';
import { advance, progressOf, settledTasks } from './job-progress.js';
import { Pace } from './pace.js';
import { progressFrame } from './progress-frame.js';

export interface WatchOptions {
  /** Ends the watching with its reason; the job goes on. */
  signal: AbortSignal;
  /** Lines below the progress. */
  notes?: () => string[];
  /** Leaves the last of it on the screen. */
  stays?: boolean;
}

const tickEveryMs = 250;

/** Shows how a job goes until it has ended. */
export async function watchJob(
  client: Client,
  jobId: string,
  output: Output,
  { signal, notes, stays }: WatchOptions,
): Promise<void> {
  const job = await client.getJob(jobId);
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
    live.show({ lines: [...lines, ...(notes?.() ?? [])], summary });
  };
  const ticking = setInterval(show, tickEveryMs);
  try {
    for await (const event of client.followJob(jobId, { signal })) {
      progress = advance(progress, event);
      show();
    }
    if (stays) live.show(frame(averagePace(settledTasks(progress), elapsed()), elapsed()));
    else live.clear();
  } finally {
    clearInterval(ticking);
    live.end();
  }
}

/** Of the whole course: at its end, the last seconds say little. */
function averagePace(done: number, elapsedMs: number): number {
  return (done * 1000) / Math.max(1, elapsedMs);
}
