import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { AutoRecover } from '../auto-recover.js';
import { Detectors } from '../detectors.js';
import { LockKeeper } from '../lock-keeper.js';
import { SlotDoctor } from '../slot-doctor.js';

/** Answers what is asked about anomalies of slots, and carries out repairs. */
@Controller()
export class RecoveryController {
  constructor(
    private readonly detectors: Detectors,
    private readonly doctor: SlotDoctor,
    private readonly autoRecovery: AutoRecover,
    private readonly lockKeeper: LockKeeper,
  ) {}

  @MessagePattern(subjects.request('pool', 'detectLongAllocatedSlots'))
  longAllocated(
    @Payload({ schema: operations.detectLongAllocatedSlots.request }) request: ActionRequest<'detectLongAllocatedSlots'>,
  ): ActionResponse<'detectLongAllocatedSlots'> {
    return { items: this.detectors.longAllocated(request) };
  }

  @MessagePattern(subjects.request('pool', 'detectCorruptedSlots'))
  async corrupted(
    @Payload({ schema: operations.detectCorruptedSlots.request }) request: ActionRequest<'detectCorruptedSlots'>,
  ): Promise<ActionResponse<'detectCorruptedSlots'>> {
    return { items: await this.detectors.corrupted(request) };
  }

  @MessagePattern(subjects.request('pool', 'detectOrphanedLocks'))
  async orphaned(
    @Payload({ schema: operations.detectOrphanedLocks.request })
    { stale_lock_hours, pool }: ActionRequest<'detectOrphanedLocks'>,
  ): Promise<ActionResponse<'detectOrphanedLocks'>> {
    return { items: await this.lockKeeper.orphans(stale_lock_hours, pool) };
  }

  @MessagePattern(subjects.request('pool', 'detectAnomalies'))
  anomalies(
    @Payload({ schema: operations.detectAnomalies.request }) request: ActionRequest<'detectAnomalies'>,
  ): Promise<ActionResponse<'detectAnomalies'>> {
    return this.detectors.anomalies(request);
  }

  @MessagePattern(subjects.request('pool', 'recoverSlot'))
  recover(
    @Payload({ schema: operations.recoverSlot.request }) { slot_id, force, dry_run }: ActionRequest<'recoverSlot'>,
  ): Promise<ActionResponse<'recoverSlot'>> {
    return dry_run ? this.doctor.wouldRecover(slot_id) : this.doctor.recover(slot_id, { force });
  }

  @MessagePattern(subjects.request('pool', 'isolateSlot'))
  isolate(
    @Payload({ schema: operations.isolateSlot.request }) { slot_id, reason, dry_run }: ActionRequest<'isolateSlot'>,
  ): Promise<ActionResponse<'isolateSlot'>> {
    return this.doctor.isolate(slot_id, reason, dry_run);
  }

  @MessagePattern(subjects.request('pool', 'autoRecover'))
  autoRecover(
    @Payload({ schema: operations.autoRecover.request }) request: ActionRequest<'autoRecover'>,
  ): Promise<ActionResponse<'autoRecover'>> {
    return this.autoRecovery.execute(request);
  }

  @MessagePattern(subjects.request('pool', 'detectStaleLocks'))
  async stale(
    @Payload({ schema: operations.detectStaleLocks.request }) { max_age_hours, pool }: ActionRequest<'detectStaleLocks'>,
  ): Promise<ActionResponse<'detectStaleLocks'>> {
    return { items: await this.lockKeeper.orphans(max_age_hours, pool) };
  }

  @MessagePattern(subjects.request('pool', 'cleanupStaleLocks'))
  async cleanUp(
    @Payload({ schema: operations.cleanupStaleLocks.request })
    { max_age_hours, pool, dry_run }: ActionRequest<'cleanupStaleLocks'>,
  ): Promise<ActionResponse<'cleanupStaleLocks'>> {
    return { count: await this.lockKeeper.cleanUp(max_age_hours, pool, dry_run) };
  }

  @MessagePattern(subjects.request('pool', 'forceUnlock'))
  async forceUnlock(
    @Payload({ schema: operations.forceUnlock.request }) { slot_id, dry_run }: ActionRequest<'forceUnlock'>,
  ): Promise<ActionResponse<'forceUnlock'>> {
    return { slot_id, unlocked: await this.lockKeeper.forceUnlock(slot_id, dry_run) };
  }
}
