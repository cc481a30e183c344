import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type ActionResponse, type SlotView } from '@kintsugi/contracts';
import { isObjectId } from '../inspection/domain/git-folder-rules.js';
import { Git } from '../git/process/git.js';
import { isBranchName } from '../git/domain/git-manners.js';
import { SubmoduleWorks } from '../ladder/submodule-works.js';
import { Sources } from '../mirrors/sources.js';
import { SubmoduleList, firstStep } from '../mirrors/submodule-list.js';
import { Clock } from '../platform/clock.js';
import { markOfProcess } from '../platform/process/processes-in.js';
import { SlotDoctor } from '../recovery/slot-doctor.js';
import type { Slot } from '../slots/domain/slot.js';
import { SlotBook } from '../slots/slot-book.js';
import { SlotLocks } from '../slots/slot-locks.js';
import { slotView } from '../slots/slot-view.js';
import { unreadable } from './pools.js';

/** For how long a beat counts where a slot ends in silence and nobody has said more. */
const silentLeaseS = 60;

/** Gives slots out and takes them back. What is given out was looked at just before. */
@Injectable()
export class Allocations {
  constructor(
    private readonly book: SlotBook,
    private readonly doctor: SlotDoctor,
    private readonly sources: Sources,
    private readonly list: SubmoduleList,
    private readonly submodules: SubmoduleWorks,
    private readonly locks: SlotLocks,
    private readonly git: Git,
    private readonly clock: Clock,
  ) {}

  async allocate(request: ActionRequest<'allocate'>): Promise<ActionResponse<'allocate'>> {
    this.book.pool(request.pool);
    if (request.ref !== undefined && !isBranchName(request.ref)) throw unknownRef(request.ref);
    for (;;) {
      const free = this.free(request.pool);
      if (free === undefined) throw this.exhausted(request.pool);
      const taken = await this.book.holding(free.slot_id, () => this.take(free.slot_id, request));
      if (taken !== null) return { ...slotView(taken, this.book), token: taken.token };
    }
  }

  async heartbeat({ slot_id, token }: ActionRequest<'heartbeatSlot'>): Promise<SlotView> {
    const slot = this.ownedBy(slot_id, token);
    const allocation = { ...(slot.allocation as NonNullable<Slot['allocation']>), heartbeat_at: this.now() };
    const beaten = await this.book.amend(slot_id, { allocation });
    await this.locks.put(beaten);
    return slotView(beaten, this.book);
  }

  async release({ slot_id, token, force, depth, dry_run }: ActionRequest<'release'>): Promise<ActionResponse<'release'>> {
    if (token === undefined && !force) {
      throw new ProblemError(
        'VALIDATION_FAILED',
        'data.token: REQUIRED, got nothing. Send the token that allocate gave, or say force.',
        {
          errors: [{ path: 'data.token', rule: 'REQUIRED', got: 'nothing', allowed: 'the token that allocate gave' }],
        },
      );
    }
    const slot = this.ownedBy(slot_id, token);
    if (dry_run) return { ...slotView(slot, this.book), saved: null, dry_run };
    const { slot: after, saved } = await this.doctor.recover(slot_id, { evict: true, depth });
    return { ...after, saved, dry_run };
  }

  /** The slot that has been free for the longest, and that nobody is at. */
  private free(pool: string): Slot | undefined {
    return this.book
      .slotsOf(pool)
      .filter(({ slot_id, state }) => state === 'AVAILABLE' && !this.book.isHeld(slot_id))
      .sort((one, other) => Date.parse(one.metadata.state_changed_at) - Date.parse(other.metadata.state_changed_at))[0];
  }

  /** @returns null where it was not fit to be given out, and could not be made so */
  private async take(slotId: string, request: ActionRequest<'allocate'>): Promise<Slot | null> {
    const { owner, purpose = null, ref, pid, release_when_silent: ends_in_silence } = request;
    const { lease_s = ends_in_silence ? silentLeaseS : null } = request;
    const before = this.book.slot(slotId);
    const { findings } = await this.doctor.look(before, 'quick');
    if (findings.length > 0 && !(await this.doctor.treat(slotId)).success) return null;
    const fetched = ref === undefined ? null : await this.checkOut(this.book.slot(slotId), ref);
    const at = this.now();
    const process = pid === undefined ? null : await markOfProcess(pid);
    const allocation = { owner, purpose, allocated_at: at, heartbeat_at: at, lease_s, process, ends_in_silence };
    const free = this.book.slot(slotId);
    const slot = { allocation, token: free.token + 1 };
    // Before the move: a slot that is allocated while its owner is told to ask again would be nobody's.
    await this.locks.put({ ...free, ...slot });
    try {
      return await this.book.move(slotId, 'allocate', { ...(fetched === null ? {} : { commit: fetched }), slot });
    } catch (error) {
      await this.locks.remove(slotId).catch(() => undefined);
      throw error;
    }
  }

  /** @returns the commit of the pool's branch where that may be another since, and null where nothing was fetched */
  private async checkOut(slot: Slot, ref: string): Promise<string | null> {
    const pool = this.book.pool(slot.pool);
    const path = this.book.pathOf(slot);
    const at = { gitDir: `${path}/.git`, workTree: path };
    let fetched: string | null = null;
    let commit = await this.resolve(at, ref);
    if (commit === null) {
      await this.sources.refresh(pool).catch(unreadable);
      fetched = await this.sources.fetch(pool, at.gitDir).catch(unreadable);
      commit = await this.resolve(at, ref);
      if (commit === null) throw unknownRef(ref);
    }
    // Before the slot is moved: a commit whose submodules are refused would leave it to be put back.
    if (pool.submodules) {
      const step = firstStep(pool.repository_url, commit);
      await this.list.of(at, step, this.sources.forLacking(pool)).catch(unreadable);
    }
    await this.git
      .run(['checkout', '--quiet', '--force', '--detach', commit], { at, ...this.sources.forLacking(pool) })
      .catch(unreadable);
    if (pool.submodules) {
      // Those that this commit has not.
      await this.git.run(['clean', '-ffdxq'], { at });
      await this.submodules.bring(pool, path).catch(unreadable);
    }
    return fetched;
  }

  private async resolve(at: { gitDir: string }, ref: string): Promise<string | null> {
    const names = [`refs/remotes/origin/${ref}`, `refs/tags/${ref}`, ...(isObjectId(ref) ? [ref] : [])];
    for (const name of names) {
      const { code, text } = await this.git.run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], {
        at,
        codes: 'any',
      });
      if (code === 0) return text.trim();
    }
    return null;
  }

  private ownedBy(slotId: string, token: number | undefined): Slot {
    const slot = this.book.slot(slotId);
    if (slot.state !== 'ALLOCATED') {
      throw new ProblemError('STATE_CONFLICT', `Slot ${slotId} is ${slot.state}, and nobody has it.`, {
        current: slot.state,
        allowed: ['ALLOCATED'],
      });
    }
    if (token === undefined || token === slot.token) return slot;
    throw new ProblemError(
      'SLOT_TOKEN_STALE',
      `Slot ${slotId} has been given to somebody else since token ${token}. Stop working in it.`,
    );
  }

  private exhausted(pool: string): ProblemError {
    const slots = this.book.slotsOf(pool);
    const counts = new Map<string, number>();
    for (const { state } of slots) counts.set(state, (counts.get(state) ?? 0) + 1);
    const states = [...counts].map(([state, count]) => `${count} ${state}`).join(', ') || 'none at all';
    const detail = `No slot of ${pool} is available; it has ${states}. Wait for a release, add one (kintsugi pool add-slot ${pool}), or look at what is wrong (kintsugi pool anomalies).`;
    return new ProblemError('POOL_EXHAUSTED', detail, { retry_after: 5 });
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString();
  }
}

function unknownRef(ref: string): ProblemError {
  return new ProblemError('VALIDATION_FAILED', `data.ref: the repository has no branch, tag or commit ${ref.slice(0, 100)}.`, {
    errors: [{ path: 'data.ref', rule: 'VALUE', got: ref.slice(0, 100), allowed: 'a branch, a tag or a whole object id' }],
  });
}
