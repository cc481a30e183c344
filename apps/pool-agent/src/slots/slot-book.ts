import { mkdir, readdir, rm } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { ProblemError, type SlotState } from '@kintsugi/contracts';
import { Clock } from '../platform/clock.js';
import { readRecord, removeDurably, writeDurably } from '../platform/durable-file.js';
import { moved, newSlot, slotMoves, wholeCopies, type Pool, type Slot, type SlotMetadata, type SlotMove } from './domain/slot.js';
import { keptOnDisk } from './kept-on-disk.js';
import { PoolFolder } from './pool-folder.js';

const slotIdPattern = /^slot_[0-9a-f-]{36}$/;

/** All pools and slots of this host. What it says is on disk before anybody is told. */
@Injectable()
export class SlotBook {
  private readonly pools = new Map<string, Pool>();
  private readonly slots = new Map<string, Slot>();
  private readonly held = new Set<string>();

  constructor(
    private readonly folder: PoolFolder,
    private readonly clock: Clock,
  ) {}

  /** Reads what there is. A slot whose record can't be read is there all the same, and waits to be looked at. */
  async open(): Promise<void> {
    await this.folder.prepare();
    for (const file of await readdir(this.folder.of('records'))) {
      if (!file.endsWith('.json')) continue;
      const pool = (await readRecord(this.folder.of('records', file))) as Pool | null | undefined;
      if (!pool?.repository_url) continue;
      this.pools.set(pool.name, { ...wholeCopies, ...pool });
      await this.openSlots(pool.name);
    }
  }

  private async openSlots(pool: string): Promise<void> {
    const records = await readdir(this.folder.of('records', pool)).catch(() => []);
    const copies = await readdir(this.folder.of('slots', pool)).catch(() => []);
    const ids = new Set([...records.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)), ...copies]);
    for (const id of [...ids].filter((name) => slotIdPattern.test(name)).sort()) {
      const record = await readRecord(this.folder.slotRecord(pool, id));
      this.slots.set(id, isSlotOf(record, pool, id) ? record : newSlot(id, pool, this.now()));
    }
  }

  get host(): string {
    return this.folder.host;
  }

  findPool(name: string): Pool | undefined {
    return this.pools.get(name);
  }

  pool(name: string): Pool {
    const pool = this.pools.get(name);
    if (pool) return pool;
    throw new ProblemError('POOL_NOT_FOUND', `There is no pool ${name}. \`kintsugi pool list\` shows those that there are.`);
  }

  allPools(): Pool[] {
    return [...this.pools.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  slot(slotId: string): Slot {
    const slot = this.slots.get(slotId);
    if (slot) return slot;
    throw new ProblemError('SLOT_NOT_FOUND', `There is no slot ${slotId}. \`kintsugi pool show NAME\` shows those of a pool.`);
  }

  find(slotId: string): Slot | undefined {
    return this.slots.get(slotId);
  }

  slotsOf(pool?: string): Slot[] {
    return [...this.slots.values()].filter((slot) => pool === undefined || slot.pool === pool);
  }

  pathOf({ pool, slot_id }: Pick<Slot, 'pool' | 'slot_id'>): string {
    return this.folder.slot(pool, slot_id);
  }

  async addPool(pool: Pool): Promise<void> {
    await keptOnDisk(this.folder.root, async () => {
      await mkdir(this.folder.of('slots', pool.name), { recursive: true, mode: 0o700 });
      await writeDurably(this.folder.poolRecord(pool.name), pool);
    });
    this.pools.set(pool.name, pool);
  }

  async removePool(name: string): Promise<void> {
    await rm(this.folder.of('records', name), { recursive: true, force: true });
    await removeDurably(this.folder.poolRecord(name));
    await rm(this.folder.of('slots', name), { recursive: true, force: true });
    this.pools.delete(name);
  }

  async addSlot(slot: Slot): Promise<void> {
    try {
      await this.keep(slot);
    } catch (error) {
      await removeDurably(this.folder.slotRecord(slot.pool, slot.slot_id)).catch(() => undefined);
      throw error;
    }
    this.slots.set(slot.slot_id, slot);
  }

  async removeSlot({ slot_id, pool }: Slot): Promise<void> {
    await removeDurably(this.folder.slotRecord(pool, slot_id));
    this.slots.delete(slot_id);
  }

  /** Moves a slot, or refuses with what its state allows. Written before it is said; a write that fails leaves it as it was. */
  async move(slotId: string, name: SlotMove, change: Partial<SlotMetadata> & { slot?: Partial<Slot> } = {}): Promise<Slot> {
    const { slot: more, ...metadata } = change;
    const before = this.slot(slotId);
    const next = moved({ ...before, ...more }, name, this.now(), metadata);
    if (next === null) throw refused(before, name);
    this.slots.set(slotId, next);
    try {
      await this.keep(next);
    } catch (error) {
      this.slots.set(slotId, before);
      throw error;
    }
    return next;
  }

  /** Writes a change that is no move. */
  async amend(slotId: string, change: Partial<Slot>): Promise<Slot> {
    const next = { ...this.slot(slotId), ...change };
    await this.keep(next);
    this.slots.set(slotId, next);
    return next;
  }

  /** Whether what is on disk is what is known here. */
  async isKept(slot: Slot): Promise<boolean> {
    return isSlotOf(await readRecord(this.folder.slotRecord(slot.pool, slot.slot_id)), slot.pool, slot.slot_id);
  }

  keep(slot: Slot): Promise<void> {
    return keptOnDisk(this.folder.root, () => writeDurably(this.folder.slotRecord(slot.pool, slot.slot_id), slot));
  }

  isHeld(slotId: string): boolean {
    return this.held.has(slotId);
  }

  /** Does something with a slot while nobody else does. */
  holding<Result>(slotId: string, work: () => Promise<Result>): Promise<Result> {
    return this.holdingAll([slotId], work);
  }

  /** The same with many slots: with all of them, or, where somebody has one, with none. */
  async holdingAll<Result>(slotIds: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const taken = slotIds.find((slotId) => this.held.has(slotId));
    if (taken !== undefined) {
      const detail = `Slot ${taken} is being looked at or repaired right now. Try again in a moment.`;
      throw new ProblemError('STATE_CONFLICT', detail, { current: this.slot(taken).state, allowed: [] });
    }
    for (const slotId of slotIds) this.held.add(slotId);
    try {
      return await work();
    } finally {
      for (const slotId of slotIds) this.held.delete(slotId);
    }
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString();
  }
}

function refused({ slot_id, state }: Slot, move: SlotMove): ProblemError {
  const allowed: readonly SlotState[] = slotMoves[move].from;
  return new ProblemError('STATE_CONFLICT', `Slot ${slot_id} is ${state}; to ${move} it, it has to be ${allowed.join(' or ')}.`, {
    current: state,
    allowed: [...allowed],
  });
}

function isSlotOf(record: unknown, pool: string, slotId: string): record is Slot {
  const slot = record as Slot | null | undefined;
  return slot?.slot_id === slotId && slot.pool === pool && typeof slot.state === 'string' && typeof slot.metadata === 'object';
}
