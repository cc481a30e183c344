import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import {
  ProblemError,
  slotsMax,
  type ActionRequest,
  type ActionResponse,
  type PoolView,
  type SlotView,
} from '@kintsugi/contracts';
import { addressOf, isAllowed } from '../git/domain/allowed-urls.js';
import { GitFailure } from '../git/domain/git-failure.js';
import { SubmoduleRefused } from '../git/domain/gitmodules.js';
import { isBranchName } from '../git/domain/git-manners.js';
import { PoolRules } from '../git/pool-rules.js';
import { submoduleIsRefused } from '../ladder/ladder.js';
import { Sources } from '../mirrors/sources.js';
import { SubmoduleList, firstStep } from '../mirrors/submodule-list.js';
import { Clock } from '../platform/clock.js';
import { ignoreAbsent } from '../platform/durable-file.js';
import { inParallel } from '../platform/in-parallel.js';
import { SlotDoctor } from '../recovery/slot-doctor.js';
import { newSlot, type Pool, type Slot } from '../slots/domain/slot.js';
import { PoolFolder } from '../slots/pool-folder.js';
import { SlotBook } from '../slots/slot-book.js';
import { SlotLocks } from '../slots/slot-locks.js';
import { slotView } from '../slots/slot-view.js';

/** Pools and the slots that they have. */
@Injectable()
export class Pools {
  /** Names of pools that are being made. */
  private readonly coming = new Set<string>();
  /** Those that are being removed: nothing is added to them. */
  private readonly going = new Set<string>();

  constructor(
    private readonly book: SlotBook,
    private readonly sources: Sources,
    private readonly submodules: SubmoduleList,
    private readonly doctor: SlotDoctor,
    private readonly locks: SlotLocks,
    private readonly folder: PoolFolder,
    private readonly clock: Clock,
    private readonly rules: PoolRules,
  ) {}

  async create(request: ActionRequest<'createPool'>): Promise<PoolView> {
    const { name, repository_url, size, branch, shallow = null, partial = null, submodules, reference_mirror } = request;
    const options = { shallow, partial, submodules, reference_mirror };
    this.requireAllowed(repository_url);
    if (branch !== undefined && !isBranchName(branch)) throw refusedValue('data.branch', branch, 'the name of a branch');
    if (this.book.findPool(name) || this.coming.has(name)) {
      throw new ProblemError('POOL_EXISTS', `There is a pool ${name} already. Choose another name, or delete it first.`);
    }
    this.coming.add(name);
    try {
      const found = await this.sources.branchOf({ repository_url, reference_mirror, partial }, branch).catch(unreadable);
      if (submodules && reference_mirror) {
        const step = firstStep(repository_url, `refs/heads/${found.branch}`);
        await this.submodules.requireUsable(step).catch(unreadable);
      }
      try {
        await this.book.addPool({ name, repository_url, ...found, ...options, created_at: this.now() });
        await this.makeSlots(name, size);
        this.requireSubmodules(name);
      } catch (error) {
        await this.takeBack(name);
        throw error;
      }
      return this.get(name);
    } finally {
      this.coming.delete(name);
    }
  }

  get(name: string): PoolView {
    const slots = this.book.slotsOf(name);
    return { ...this.headOf(this.book.pool(name), slots), slots: slots.map((slot) => slotView(slot, this.book)) };
  }

  getSlot(slotId: string): SlotView {
    return slotView(this.book.slot(slotId), this.book);
  }

  list(): ActionResponse<'listPools'> {
    return {
      items: this.book.allPools().map((pool) => {
        const slots = this.book.slotsOf(pool.name);
        const states: Record<string, number> = {};
        for (const { state } of slots) states[state] = (states[state] ?? 0) + 1;
        return { ...this.headOf(pool, slots), states };
      }),
    };
  }

  async delete({ name, force, dry_run }: ActionRequest<'deletePool'>): Promise<ActionResponse<'deletePool'>> {
    this.book.pool(name);
    const slots = this.book.slotsOf(name);
    const taken = slots.filter(({ state }) => state === 'ALLOCATED').length;
    if (taken > 0 && !force) {
      throw new ProblemError(
        'STATE_CONFLICT',
        `${taken} of ${slots.length} slots of ${name} are allocated. Release them first, or say force.`,
        {
          current: 'ALLOCATED',
          allowed: ['AVAILABLE', 'ERROR', 'HOLD'],
        },
      );
    }
    if (!dry_run) await this.remove(name, slots);
    return { name, slots: slots.length, dry_run };
  }

  async addSlot({ pool }: ActionRequest<'addSlot'>): Promise<SlotView> {
    this.book.pool(pool);
    this.requireStaying(pool);
    const there = this.book.slotsOf(pool).length;
    if (there >= slotsMax) throw refusedValue('data.pool', `a pool of ${there} slots`, `at most ${slotsMax} slots`);
    return this.makeSlot(pool);
  }

  async removeSlot({ slot_id, force, dry_run }: ActionRequest<'removeSlot'>): Promise<ActionResponse<'removeSlot'>> {
    const slot = this.book.slot(slot_id);
    if (slot.state === 'ALLOCATED' && !force) {
      const detail = `Slot ${slot_id} is allocated to ${slot.allocation?.owner}. Release it first, or say force.`;
      throw new ProblemError('STATE_CONFLICT', detail, { current: slot.state, allowed: ['AVAILABLE', 'ERROR', 'HOLD'] });
    }
    if (!dry_run) await this.book.holding(slot_id, () => this.takeAway(slot_id));
    return { slot_id, dry_run };
  }

  /** All slots are held before the first one goes, so that none is given out meanwhile, and nothing goes where somebody has one. */
  private async remove(name: string, slots: readonly Slot[]): Promise<void> {
    this.requireStaying(name);
    this.going.add(name);
    try {
      await this.removeAll(name, slots);
    } finally {
      this.going.delete(name);
    }
  }

  private async removeAll(name: string, slots: readonly Slot[]): Promise<void> {
    const ids = slots.map(({ slot_id }) => slot_id);
    await this.book.holdingAll(ids, async () => {
      for (const slotId of ids) await this.takeAway(slotId);
      await this.book.removePool(name);
    });
  }

  /** Of a pool that could not be made nothing stays, since whoever asked for it is told so. A slot that somebody has got already keeps its pool. */
  private async takeBack(name: string): Promise<void> {
    const slots = this.book.slotsOf(name);
    if (slots.some(({ state }) => state === 'ALLOCATED')) return;
    await this.removeAll(name, slots).catch(() => undefined);
  }

  private requireStaying(name: string): void {
    if (!this.coming.has(name) && !this.going.has(name)) return;
    const state = this.going.has(name) ? 'removed' : 'made';
    throw new ProblemError('STATE_CONFLICT', `The pool ${name} is being ${state} right now. Ask again when that is over.`, {
      current: state,
      allowed: [],
    });
  }

  /** The working copy is set aside with all that is in it; nothing is lost for as long as such things are kept. The slot has to be held. */
  private async takeAway(slotId: string): Promise<void> {
    const slot = this.book.slot(slotId);
    await this.folder.setAside(this.book.pathOf(slot), slotId, this.clock.now()).catch(ignoreAbsent);
    await this.locks.remove(slotId);
    await this.book.removeSlot(slot);
  }

  /** Without a mirror there is nothing to judge them by before there is a slot. */
  private requireSubmodules(pool: string): void {
    const refused = this.book.slotsOf(pool).find(({ metadata }) => metadata.isolation_reason === submoduleIsRefused);
    if (refused) throw submoduleRefused(refused.metadata.evidence ?? 'nothing more is known');
  }

  /** All are ended when this fails: what is taken away then does not come back. */
  private async makeSlots(pool: string, size: number): Promise<void> {
    const failures: unknown[] = [];
    await inParallel(Array.from({ length: size }), () => this.makeSlot(pool).catch((error: unknown) => failures.push(error)));
    if (failures.length > 0) throw failures[0];
  }

  /** A slot whose making can't be written down is not there, since whoever asked for it is told so. */
  private async makeSlot(pool: string): Promise<SlotView> {
    const slot = newSlot(`slot_${uuidv7()}`, pool, this.now());
    return this.book.holding(slot.slot_id, async () => {
      await this.book.addSlot(slot);
      try {
        return (await this.doctor.treat(slot.slot_id, { depth: 'connectivity' })).slot;
      } catch (error) {
        await this.takeAway(slot.slot_id).catch(() => undefined);
        throw error;
      }
    });
  }

  private requireAllowed(url: string): void {
    const address = addressOf(url);
    if (typeof address === 'string') {
      throw refusedValue('data.repository_url', address, 'https://host/path or ssh://git@host/path');
    }
    if (isAllowed(url, this.rules.patterns)) return;
    const allowed = this.rules.allowed === '' ? 'nothing yet' : this.rules.allowed;
    throw new ProblemError(
      'REPOSITORY_NOT_ALLOWED',
      `POOL_ALLOWED_URLS of the pool agent does not name this repository. It names ${allowed}; set it to a pattern such as https://github.com/acme/* and start the agent again.`,
      { errors: [{ path: 'data.repository_url', rule: 'VALUE', got: 'a URL that no pattern matches', allowed }] },
    );
  }

  private headOf({ object_format: _, ...head }: Pool, slots: readonly Slot[]) {
    return { ...head, host: this.book.host, size: slots.length };
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString();
  }
}

function refusedValue(path: string, got: string, allowed: string): ProblemError {
  return new ProblemError('VALIDATION_FAILED', `${path}: ${got}; allowed: ${allowed}.`, {
    errors: [{ path, rule: 'VALUE', got, allowed }],
  });
}

function submoduleRefused(why: string): ProblemError {
  const detail = `A submodule can't be brought along: ${why}. Mend .gitmodules or POOL_ALLOWED_URLS.`;
  return new ProblemError('REPOSITORY_NOT_ALLOWED', detail);
}

/** Words of git, which may be several lines, as one without its end. */
function sentenceOf(message: string): string {
  return message
    .replace(/\s+/g, ' ')
    .slice(0, 600)
    .replace(/[.\s]+$/, '');
}

/** Why a repository could not be cloned, in the words of git. */
export function unreadable(error: unknown): never {
  if (!(error instanceof GitFailure)) throw error;
  if (error instanceof SubmoduleRefused) throw submoduleRefused(error.evidence);
  const next =
    error.kind === 'refused'
      ? 'Check the URL, and whether this host may read it without a password.'
      : 'Try again when that is over.';
  throw new ProblemError('REPOSITORY_UNAVAILABLE', `${sentenceOf(error.message)}. ${next}`);
}
