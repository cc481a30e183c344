import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { evidenceOf, isCorrupt, kindOfError } from '../git/domain/git-failure.js';
import { wordsOf, type Finding, type Rung } from '../inspection/domain/finding.js';
import { SubmoduleRefused } from '../git/domain/gitmodules.js';
import { type InspectionDepth } from '../inspection/git-looks.js';
import { Inspector } from '../inspection/inspector.js';
import { withShadow } from '../inspection/shadow.js';
import { Clock } from '../platform/clock.js';
import { removeDurably, syncFolder, writeDurably, ignoreAbsent } from '../platform/durable-file.js';
import type { Pool, Slot } from '../slots/domain/slot.js';
import { PoolFolder } from '../slots/pool-folder.js';
import { SlotBook } from '../slots/slot-book.js';
import { nextStep } from './domain/next-rung.js';
import { removeStaleFiles } from './git-folder-works.js';
import { RungWorks } from './rung-works.js';
import { SavedWork } from './saved-work.js';
import { SlotMaker } from './slot-maker.js';
import { SubmoduleWorks } from './submodule-works.js';

/** Where a climb has led. `held`: this host or the remote is in the way, and nothing is lost by waiting. */
export interface Climb {
  end: 'sound' | 'isolated' | 'held';
  /** What was wrong at first. */
  found: Finding[];
  rungs: Rung[];
  commit: string | null;
  reason: string | null;
  evidence: string | null;
  /** Where work that nobody else has was kept. */
  saved: string | null;
}

/** Why a slot is isolated whose submodules may not be cloned. */
export const submoduleIsRefused = 'a submodule can not be brought along';

export interface ClimbRules {
  depth?: InspectionDepth;
  /** Rungs that must not be taken now, with the reason. */
  forbidden?: Partial<Record<Rung, string>>;
  /** Begins as if this were wrong beside what is seen. */
  assume?: readonly Finding[];
}

/** Puts one slot right, by the smallest repair that helps: each is journaled, followed by a new look, and made once. */
@Injectable()
export class Ladder {
  constructor(
    private readonly book: SlotBook,
    private readonly inspector: Inspector,
    private readonly works: RungWorks,
    private readonly maker: SlotMaker,
    private readonly savedWork: SavedWork,
    private readonly submodules: SubmoduleWorks,
    private readonly folder: PoolFolder,
    private readonly clock: Clock,
  ) {}

  /** The slot has to be held by the caller, and in the state RECOVERING. */
  async climb(slot: Slot, { depth = 'full', forbidden = {}, assume = [] }: ClimbRules = {}): Promise<Climb> {
    const run = { slot, pool: this.book.pool(slot.pool), saved: null as string | null, commit: slot.metadata.commit };
    const tried = new Set<Rung>();
    let first: Finding[] | null = null;
    try {
      for (;;) {
        const look = await this.inspector.inspect(run.slot, { depth, commit: run.commit });
        const findings: Finding[] = first === null ? [...look.findings, ...assume] : look.findings;
        const found: Finding[] = first ?? findings;
        first = found;
        const next = nextStep(findings, tried);
        const sofar = { found, rungs: [...tried], saved: run.saved, evidence: wordsOf(findings) };
        if (next.step === 'done') return { ...sofar, end: 'sound', commit: look.commit, reason: null, evidence: null };
        if (next.step === 'hold') return { ...sofar, end: 'held', commit: null, reason: 'this host is in the way' };
        if (next.step === 'isolate') return { ...sofar, end: 'isolated', commit: null, reason: next.why };
        const refusal = forbidden[next.rung];
        if (refusal !== undefined) return { ...sofar, end: 'isolated', commit: null, reason: refusal };
        tried.add(next.rung);
        const failed = await this.take(next.rung, run, findings);
        if (failed) return { ...sofar, rungs: [...tried], saved: run.saved, commit: null, ...failed };
      }
    } finally {
      await removeDurably(this.folder.journal(slot.slot_id));
    }
  }

  /** @returns why nothing more can be done now; null to look again */
  private async take(
    rung: Rung,
    run: Run,
    findings: readonly Finding[],
  ): Promise<Pick<Climb, 'end' | 'reason' | 'evidence'> | null> {
    const { slot, pool } = run;
    const path = this.book.pathOf(slot);
    try {
      await writeDurably(this.folder.journal(slot.slot_id), {
        ...{ slot_id: slot.slot_id, rung, at: new Date(this.clock.now()).toISOString(), found: wordsOf(findings) },
      });
      switch (rung) {
        case 'stale-files':
          await removeStaleFiles(join(path, '.git'));
          break;
        case 'metadata':
          if (findings.some(({ kind }) => kind === 'record-broken')) await this.book.keep(slot);
          if (findings.every(({ kind }) => kind === 'record-broken')) break;
          await this.save(run, path, 'records');
          run.commit = await this.works.rewriteMetadata(pool, path, findings);
          break;
        case 'objects':
          await this.save(run, path, 'records');
          run.commit = await this.works.replaceObjects(
            pool,
            path,
            this.folder.of('trash', `${slot.slot_id}.${this.clock.now()}`),
          );
          break;
        case 'clean':
          await this.save(run, path, 'files');
          await this.works.cleanFiles(pool, path);
          break;
        case 'submodules':
          await this.submodules.replaceBroken(pool, path);
          break;
        case 're-clone':
          run.commit = await this.maker.make(pool, path, () => this.setAside(slot, path));
          break;
      }
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  private async save(run: Run, path: string, what: 'records' | 'files'): Promise<void> {
    const place = run.saved ?? this.savedWork.placeFor(run.slot.slot_id);
    try {
      await withShadow(this.folder, run.pool, path, async (shadow) => {
        if (run.saved === null && (await this.savedWork.commits(shadow, place).catch(unreadable))) run.saved = place;
        if (what === 'records') return;
        if ((await this.savedWork.files(shadow, place)) > 0) run.saved = place;
        if (await this.submodules.save(run.pool, shadow, place)) run.saved = place;
      });
      if (what === 'records') {
        await this.savedWork.records(join(path, '.git'), place);
        run.saved = place;
      }
    } finally {
      // What was written counts, whatever came after it.
      if (run.saved !== null) await syncFolder(run.saved);
    }
  }

  private async setAside(slot: Slot, path: string): Promise<void> {
    await this.folder.setAside(path, slot.slot_id, this.clock.now()).catch(ignoreAbsent);
  }
}

interface Run {
  slot: Slot;
  pool: Pool;
  saved: string | null;
  commit: string | null;
}

/** What git can't read any more stays among the objects and refs that are set aside. */
function unreadable(error: unknown): false {
  if (isCorrupt(error)) return false;
  throw error;
}

/** A repair that met a broken repository leaves it to the next rung; anything else ends the climb. */
function failureOf(error: unknown): Pick<Climb, 'end' | 'reason' | 'evidence'> | null {
  if (isCorrupt(error)) return null;
  const kind = kindOfError(error);
  if (kind === null) {
    const isOfFiles = typeof (error as NodeJS.ErrnoException | null)?.code === 'string';
    if (!isOfFiles) throw error;
    // A file in the place of a folder, or the other way round: the next rung may do without it.
    return null;
  }
  const evidence = evidenceOf((error as Error).message);
  if (kind === 'network') return { end: 'held', reason: "the repository can't be reached", evidence };
  if (error instanceof SubmoduleRefused) return { end: 'isolated', reason: submoduleIsRefused, evidence };
  if (kind === 'refused') return { end: 'isolated', reason: 'the repository refuses to be read', evidence };
  return { end: 'held', reason: kind === 'timeout' ? 'git took too long' : 'this host is in the way', evidence };
}
