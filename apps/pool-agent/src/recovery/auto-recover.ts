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

/** What one pass has done, and what it could not do; the slot is named where an error is of one. */
interface Pass {
  counts: Omit<AutoRecoveryReport, 'errors'>;
  errors: { slotId: string | null; text: string }[];
}

type Note = (error: unknown, slotId?: string) => void;

/** Deals with all anomalies: locks first, then owners that are gone, then slots that are broken. */
@Injectable()
export class AutoRecover {
  private running: Promise<unknown> | null = null;

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
    if (this.running !== null) {
      throw new ProblemError('STATE_CONFLICT', 'Another recovery is under way here. Ask again when it has ended.', {
        current: 'running',
        allowed: ['idle'],
      });
    }
    return this.inPasses(request);
  }

  /** A second pass sees what the first has left after a pause, in which owners may beat and hosts come back. In the pause another recovery may run. */
  private async inPasses(request: ActionRequest<'autoRecover'>): Promise<AutoRecoveryReport> {
    const { pause_s, dry_run } = request;
    if (pause_s === undefined || dry_run) return reportOf(await this.alone(request));
    const first = await this.alone({ ...request, force_release_long_allocated: false });
    await delay(pause_s * 1_000);
    while (this.running !== null) await this.running;
    const unseen = first.errors.filter(({ slotId }) => slotId !== null && this.isOutOfSight(slotId));
    return summed(first, unseen, await this.alone(request));
  }

  /** Whether a pass looks past a slot: whatever was said of it before is not said again. */
  private isOutOfSight(slotId: string): boolean {
    return this.book.find(slotId)?.state === 'ERROR' || this.book.isHeld(slotId);
  }

  private async alone(request: ActionRequest<'autoRecover'>): Promise<Pass> {
    const pass = this.run(request);
    this.running = pass.catch(() => undefined);
    try {
      const done = await pass;
      if (!request.dry_run) this.count(done.counts);
      return done;
    } finally {
      this.running = null;
    }
  }

  private async run(request: ActionRequest<'autoRecover'>): Promise<Pass> {
    const { pool, dry_run, stale_lock_hours } = request;
    const errors: Pass['errors'] = [];
    const note: Note = (error, slotId) => {
      errors.push({ slotId: slotId ?? null, text: wordsOfError(error) });
    };
    const counts = { long_allocated_released: 0, corrupted_recovered: 0, corrupted_isolated: 0, orphaned_locks_cleaned: 0 };
    const pass = { counts, errors };
    if (request.cleanup_orphaned_locks) {
      counts.orphaned_locks_cleaned = await this.lockKeeper.cleanUp(stale_lock_hours, pool, dry_run, note);
    }
    counts.long_allocated_released = await this.releaseLong(request, note);
    if (!request.recover_corrupted) return pass;
    const corrupted = await this.detectors.corrupted(request);
    for (const { slot_id, owner } of corrupted.filter(({ state }) => state === 'ALLOCATED')) {
      note(`${slot_id} is corrupted and allocated to ${owner}: it is repaired when it is released.`, slot_id);
    }
    const unwell = [...corrupted.filter(({ state }) => state !== 'ALLOCATED'), ...this.detectors.waiting(pool)];
    const treated = [...new Set(unwell.map(({ slot_id }) => slot_id))];
    if (dry_run) return { counts: { ...counts, corrupted_recovered: treated.length }, errors };
    if (!(await this.isDiskToBlame(treated.length, pool, note))) {
      const outcomes = await inParallel(treated, (slotId) => this.recover(slotId, note));
      counts.corrupted_recovered = outcomes.filter((one) => one?.success).length;
      counts.corrupted_isolated = outcomes.filter((one) => one?.outcome === 'isolated').length;
    }
    return pass;
  }

  private async releaseLong(request: ActionRequest<'autoRecover'>, note: Note): Promise<number> {
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
        note(error, slot_id);
      }
    }
    return released;
  }

  private async recover(slotId: string, note: Note): Promise<SlotRecovery | null> {
    const slot = this.book.find(slotId);
    if (!slot) return null;
    try {
      if (this.hasRecloned(slot.pool)) {
        note(`${slotId} is left for later: too many slots of ${slot.pool} were cloned again within the hour.`, slotId);
        return null;
      }
      const recovery = await this.doctor.recover(slotId, { forbidden: this.doctor.automaticLimits(slot) });
      if (!recovery.success) note(`${slotId}: ${recovery.outcome}, ${recovery.reason}`, slotId);
      return recovery;
    } catch (error) {
      note(error, slotId);
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
  private async isDiskToBlame(broken: number, pool: string | undefined, note: Note): Promise<boolean> {
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
      await rm(path, { force: true }).catch((error: unknown) => note(error));
    }
    return true;
  }

  private count(report: Pass['counts']): void {
    this.metrics.count('kintsugi_recovery_slots_released_total', {}, report.long_allocated_released);
    this.metrics.count('kintsugi_recovery_slots_recovered_total', {}, report.corrupted_recovered);
    this.metrics.count('kintsugi_recovery_slots_isolated_total', {}, report.corrupted_isolated);
    this.metrics.count('kintsugi_recovery_locks_cleaned_total', {}, report.orphaned_locks_cleaned);
  }
}

function reportOf({ counts, errors }: Pass): AutoRecoveryReport {
  return { ...counts, errors: errors.map(({ text }) => text) };
}

/** The counts of both; of the errors of the first those that the second could not have met. */
function summed(first: Pass, unseen: Pass['errors'], second: Pass): AutoRecoveryReport {
  const [one, other] = [first.counts, second.counts];
  return {
    long_allocated_released: one.long_allocated_released + other.long_allocated_released,
    corrupted_recovered: one.corrupted_recovered + other.corrupted_recovered,
    corrupted_isolated: one.corrupted_isolated + other.corrupted_isolated,
    orphaned_locks_cleaned: one.orphaned_locks_cleaned + other.orphaned_locks_cleaned,
    errors: [...new Set([...unseen, ...second.errors].map(({ text }) => text))],
  };
}

function wordsOfError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
