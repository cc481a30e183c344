import { Inject, Injectable } from '@nestjs/common';
import { after } from '@kintsugi/boundary';
import { deletedTogetherMax, serviceActor, uuidBoundOf } from '@kintsugi/contracts';
import { Faults, SETTINGS } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import type { JobServiceSettings } from '../job-service.config.js';
import { Clock } from '../platform/clock.js';
import { NewIds } from '../platform/new-ids.js';
import { AgedJobs, type AgedJob } from './aged-jobs.js';
import { DeletionRounds } from './deletion-rounds.js';
import { leastDaysOf, retentionDaysOf, retentionRulesOf, type RetentionRules } from './domain/retention-rules.js';

type Settings = Pick<JobServiceSettings, 'JOB_RETENTION_DAYS' | 'JOB_RETENTION_GB'>;

const dayMs = 86_400_000;
const gigabyte = 1e9;
/** Whatever it does is followed by a pause of so many times as long as that took: what is at work has the store for the rest. */
const patience = 20;
/** Once all was looked at. */
const restMs = 600_000;
const first = '00000000-0000-7000-8000-000000000000';
const actor = serviceActor('job-service');

/**
 * Deletes jobs that have ended: those whose time is up and, while all together take more than they may, the oldest. It takes one
 * small step at a time, and without a rule it does nothing at all.
 */
@Injectable()
export class RetentionSweep {
  private readonly rules: RetentionRules;
  private readonly bytesMax: number;
  private position = first;
  /** Jobs of the page looked at last that are to go. */
  private due: string[] = [];
  /** Whether they go because all together take too much. */
  private isOver = false;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<number> | null = null;
  private isStopped = false;

  constructor(
    private readonly aged: AgedJobs,
    private readonly rounds: DeletionRounds,
    private readonly ids: NewIds,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly faults: Faults,
    @Inject(SETTINGS) { JOB_RETENTION_DAYS: days, JOB_RETENTION_GB: gigabytes }: Settings,
  ) {
    this.rules = retentionRulesOf(days) ?? new Map();
    this.bytesMax = gigabytes === 0 ? Infinity : gigabytes * gigabyte;
  }

  start(): void {
    if (this.rules.size > 0 || this.bytesMax < Infinity) this.schedule(0);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running?.catch(() => undefined);
  }

  /** Looks at one page, or deletes one batch of what is due on it. Gives the pause after it. */
  async step(): Promise<number> {
    const began = performance.now();
    const isThrough = this.due.length > 0 ? await this.deleteBatch() : await this.look();
    return isThrough ? restMs : (performance.now() - began) * patience;
  }

  private async look(): Promise<boolean> {
    const now = this.clock.now();
    await this.measure();
    const least = this.isOver ? 0 : leastDaysOf(this.rules);
    if (least === null) return true;
    const { jobs, last } = await this.aged.page(this.position, uuidBoundOf(now - least * dayMs));
    this.due = jobs.filter((job) => this.isOver || this.isDue(job, now)).map(({ jobId }) => jobId);
    this.position = last ?? first;
    return last === null && this.due.length === 0;
  }

  private async deleteBatch(): Promise<false> {
    const jobIds = this.due.splice(0, deletedTogetherMax);
    const deletion = {
      id: `del_${this.ids.uuid()}`,
      jobIds,
      requestedBy: actor,
      requestId: 'retention',
      onlyEnded: true as const,
    };
    await this.rounds.add(deletion);
    await this.rounds.begin(deletion);
    this.metrics.count('kintsugi_retention_deletions_total', {}, jobIds.length);
    // What is left of the page may stay once there is room.
    if (this.isOver && !(await this.measure())) this.due = [];
    return false;
  }

  /** Whether all together take too much; then the oldest are the first to go. */
  private async measure(): Promise<boolean> {
    const isOver = this.bytesMax < Infinity && (await this.aged.bytes()) > this.bytesMax;
    if (isOver !== this.isOver) this.position = first;
    this.isOver = isOver;
    return isOver;
  }

  private isDue(job: AgedJob, now: number): boolean {
    const days = retentionDaysOf(this.rules, job);
    return days !== null && job.endedAt < now - days * dayMs;
  }

  private schedule(inMs: number): void {
    if (this.isStopped) return;
    this.timer = after('retention-sweep', inMs, async () => {
      this.running = this.step();
      const pause = await this.running.catch((error: unknown) => {
        this.faults.report(error);
        return restMs;
      });
      this.schedule(pause);
    });
  }
}
