import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  recoveryStrategies,
  type ActionRequest,
  type AutoRecoveryReport,
  type SlotRecovery,
} from '@kintsugi/contracts';
import { Metrics } from '@kintsugi/observability';
import { Clock } from '../platform/clock.js';
import { inParallel } from '../platform/in-parallel.js';
import { PoolFolder } from '../slots/pool-folder.js';
import { SlotBook } from '../slots/slot-book.js';
import { Detectors } from './detectors.js';
import { LockKeeper } from './lock-keeper.js';
import { SlotDoctor } from './slot-doctor.js';

/** So many broken slots at once are looked at twice: it may be the disk that is broken. */
const suspiciousShare = 0.3;
const suspiciousCount = 3;
const reclonesAnHour = { share: 0.2, least: 8 };
const hourMs = 3_600_000;

/** Deals with all anomalies: locks first, then owners that are gone, then slots that are broken. */
@Injectable()
export class AutoRecover {
  private isRunning = false;

  constructor(
    private readonly book: SlotBook,
    private readonly detectors: Detectors,
    private readonly lockKeeper: LockKeeper,
    private readonly doctor: SlotDoctor,
    private readonly folder: PoolFolder,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  async execute(request: ActionRequest<'autoRecover'>): Promise<AutoRecoveryReport> {
    if (this.isRunning) {
      throw new ProblemError('STATE_CONFLICT', 'Another recovery is under way here. Ask again when it has ended.', {
        current: 'running',
        allowed: ['idle'],
      });
    }
    this.isRunning = true;
    try {
      const report = await this.inPasses(request);
      if (!request.dry_run) this.count(report);
      return report;
    } finally {
      this.isRunning = false;
    }
  }

  /** A second pass sees what the first has left after a pause, in which owners may beat and hosts come back. */
  private async inPasses(request: ActionRequest<'autoRecover'>): Promise<AutoRecoveryReport> {
    const { pause_s, dry_run } = request;
    if (pause_s === undefined || dry_run) return this.run(request);
    const first = await this.run({ ...request, force_release_long_allocated: false });
    await delay(pause_s * 1_000);
    return summed(first, await this.run(request));
  }

  private async run(request: ActionRequest<'autoRecover'>): Promise<AutoRecoveryReport> {
    const { pool, dry_run, stale_lock_hours } = request;
    const errors: string[] = [];
    const note = (error: unknown): void => {
      errors.push(wordsOfError(error));
    };
    const report: AutoRecoveryReport = {
      ...{ long_allocated_released: 0, corrupted_recovered: 0, corrupted_isolated: 0, orphaned_locks_cleaned: 0, errors },
    };
    if (request.cleanup_orphaned_locks) {
      report.orphaned_locks_cleaned = await this.lockKeeper.cleanUp(stale_lock_hours, pool, dry_run, note);
    }
    report.long_allocated_released = await this.releaseLong(request, note);
    if (!request.recover_corrupted) return report;
    const corrupted = await this.detectors.corrupted(request);
    const broken = corrupted.filter(({ state }) => state !== 'ALLOCATED');
    for (const { slot_id, owner } of corrupted.filter(({ state }) => state === 'ALLOCATED')) {
      errors.push(`${slot_id} is corrupted and allocated to ${owner}: it is repaired when it is released.`);
    }
    if (dry_run) return { ...report, corrupted_recovered: broken.length };
    if (!(await this.isDiskToBlame(broken.length, pool, note))) {
      const outcomes = await inParallel(broken, ({ slot_id }) => this.recover(slot_id, note));
      report.corrupted_recovered = outcomes.filter((one) => one?.success).length;
      report.corrupted_isolated = outcomes.filter((one) => one?.outcome === 'isolated').length;
    }
    return report;
  }

  private async releaseLong(request: ActionRequest<'autoRecover'>, note: (error: unknown) => void): Promise<number> {
    const rules = recoveryStrategies[request.strategy ?? 'maintenance'];
    const { max_allocation_hours = rules.max_allocation_hours, pool, dry_run } = request;
    if (!(request.force_release_long_allocated ?? rules.force_release_long_allocated)) return 0;
    const long = this.detectors.longAllocated({ max_allocation_hours, pool });
    if (dry_run) return long.length;
    let released = 0;
    for (const { slot_id } of long) {
      try {
        await this.doctor.recover(slot_id, { evict: true });
        released += 1;
      } catch (error) {
        note(error);
      }
    }
    return released;
  }

  private async recover(slotId: string, note: (error: unknown) => void): Promise<SlotRecovery | null> {
    const slot = this.book.find(slotId);
    if (!slot) return null;
    try {
      if (this.hasRecloned(slot.pool)) {
        note(`${slotId} is left for later: too many slots of ${slot.pool} were cloned again within the hour.`);
        return null;
      }
      const recovery = await this.doctor.recover(slotId, { forbidden: this.doctor.automaticLimits(slot) });
      if (!recovery.success) note(`${slotId}: ${recovery.outcome}, ${recovery.reason}`);
      return recovery;
    } catch (error) {
      note(error);
      return null;
    }
  }

  private hasRecloned(pool: string): boolean {
    const slots = this.book.slotsOf(pool);
    const since = this.clock.now() - hourMs;
    const recent = slots.filter(({ metadata }) => metadata.recloned_at !== null && Date.parse(metadata.recloned_at) > since);
    return recent.length >= Math.max(reclonesAnHour.least, reclonesAnHour.share * slots.length);
  }

  /** Many slots that break at once have one cause. A disk that does not give back what it is given is the one that repairs make worse. */
  private async isDiskToBlame(broken: number, pool: string | undefined, note: (error: unknown) => void): Promise<boolean> {
    const all = this.book.slotsOf(pool).length;
    if (broken < suspiciousCount || broken <= suspiciousShare * all) return false;
    const path = this.folder.of('staging', `probe.${randomUUID()}`);
    const given = randomBytes(65_536);
    try {
      await writeFile(path, given, { flush: true });
      if ((await readFile(path)).equals(given)) return false;
      note(`The disk of ${this.folder.root} gives back other bytes than it was given: nothing was repaired.`);
    } catch (error) {
      note(
        `${broken} of ${all} slots are broken, and the disk of ${this.folder.root} can't be written: nothing was repaired. ${wordsOfError(error)}`,
      );
    } finally {
      await rm(path, { force: true }).catch(note);
    }
    return true;
  }

  private count(report: AutoRecoveryReport): void {
    this.metrics.count('kintsugi_recovery_slots_released_total', {}, report.long_allocated_released);
    this.metrics.count('kintsugi_recovery_slots_recovered_total', {}, report.corrupted_recovered);
    this.metrics.count('kintsugi_recovery_slots_isolated_total', {}, report.corrupted_isolated);
    this.metrics.count('kintsugi_recovery_locks_cleaned_total', {}, report.orphaned_locks_cleaned);
  }
}

/** The counts of both; an error that both have met is told once. */
function summed(first: AutoRecoveryReport, second: AutoRecoveryReport): AutoRecoveryReport {
  return {
    long_allocated_released: first.long_allocated_released + second.long_allocated_released,
    corrupted_recovered: first.corrupted_recovered + second.corrupted_recovered,
    corrupted_isolated: first.corrupted_isolated + second.corrupted_isolated,
    orphaned_locks_cleaned: first.orphaned_locks_cleaned + second.orphaned_locks_cleaned,
    errors: [...new Set([...first.errors, ...second.errors])],
  };
}

function wordsOfError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
