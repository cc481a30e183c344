import { setTimeout as pause } from 'node:timers/promises';
import { chaosType, type ChaosPayload } from '../domain/job-mix.js';
import { StuckError, giveUpMs, jobIdOf, type Api } from './api.js';
import type { EffectRecorder } from './effect-recorder.js';
import type { Producers } from './producers.js';

const pollMs = 20;

/**
 * Asks for one more task until it has run. Gives how long it took to be accepted, and to run, in milliseconds; rejects
 * where that never comes.
 */
export class Probe {
  private count = 0;

  constructor(
    private readonly api: Api,
    private readonly recorder: EffectRecorder,
    private readonly producers: Producers,
    private readonly runName: string,
  ) {}

  async take(from: number): Promise<{ acceptedMs: number; healedMs: number }> {
    const key = `${this.runName}-probe-${this.count++}`;
    const payload: ChaosPayload = { waits_ms: 0, fails_first: false };
    const job = {
      ...{ product_id: 'chaos', sending_group_id: 'probe', type: chaosType, safety: 'keyed' as const },
      ...{ priority: 9, idempotency_key: key, tasks: [{ payload }] },
    };
    const jobId = await this.untilGiven(async () => jobIdOf(await this.api.createJob(job)), 'no job is accepted');
    const acceptedMs = performance.now() - from;
    this.producers.jobs.push({ key, jobId, repeats: [], tasks: 1, safety: 'keyed' });
    await this.untilGiven(async () => (this.recorder.hasRun(jobId) ? true : null), `${jobId} is accepted and does not run`);
    return { acceptedMs, healedMs: performance.now() - from };
  }

  private async untilGiven<Given>(ask: () => Promise<Given | null>, complaint: string): Promise<Given> {
    const deadline = performance.now() + giveUpMs;
    for (;;) {
      const given = await ask();
      if (given !== null) return given;
      if (performance.now() > deadline) throw new StuckError(`${complaint}, ${giveUpMs / 1_000} s after the fault`);
      await pause(pollMs);
    }
  }
}
