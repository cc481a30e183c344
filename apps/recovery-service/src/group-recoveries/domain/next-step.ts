import type { StoredGroupRecovery } from './group-recovery.js';
import type { GroupRecoveryMove } from './group-recovery-lifecycle.js';

/** What is seen of a recovery's records before the next step. */
export interface RecoveryProgress {
  /** Chosen or ordered, and not ended. */
  open: number;
  /** How the last ones ended, the newest first: as many as `judgedOf` says. */
  judged: readonly ('recovered' | 'failed')[];
}

export type RecoveryStep =
  | { kind: 'move'; move: Exclude<GroupRecoveryMove, 'cancel' | 'begin' | 'begin_whole'>; reason: string }
  /** So many more are run, and from then more may be. */
  | { kind: 'order'; most: number; nextAt: (ordered: number) => number }
  | { kind: 'wait' };

/** Of a recovery without a canary, or behind it, so many of the last are judged by; more where the canary has more. */
const lastMin = 20;
/** Seconds at the rate that may be ordered before anything of them ended, and records at most. */
const aheadSeconds = 60;
const aheadMax = 5_000;
/** Records that one step orders. */
const stepMax = 500;
/** What was not ordered in time is made up for up to so long. */
const backlogMs = 1_000;

type Course = Pick<StoredGroupRecovery, 'state' | 'canary' | 'rate_per_second' | 'exhausted' | 'next_at'>;

/** How many of the last records that ended are judged. */
export function judgedOf({ state, canary }: Pick<StoredGroupRecovery, 'state' | 'canary'>): number {
  return state === 'canary' ? canary.size : Math.max(lastMin, canary.size);
}

/** What a recovery does next: it judges first, and only then orders more. */
export function nextStep(course: Course, { open, judged }: RecoveryProgress, now: number): RecoveryStep {
  const { state, canary, exhausted } = course;
  const isDone = exhausted && open === 0;
  // A canary that the records do not fill is judged by what there is.
  const of = state === 'canary' && isDone ? judged.length : judgedOf(course);
  const failed = judged.filter((end) => end === 'failed').length;
  const needed = neededOf(of, canary.min_success);
  if (failed > of - needed) return { kind: 'move', move: 'stop', reason: stopReason(state, failed, judged.length, of, needed) };
  if (isDone) return { kind: 'move', move: 'complete', reason: 'every record was met' };
  if (state === 'canary' && judged.length >= of) {
    return { kind: 'move', move: 'pass', reason: `${judged.length - failed} of ${of} of the canary have recovered` };
  }
  const room = state === 'canary' ? of - judged.length - open : aheadOf(course) - open;
  return exhausted ? { kind: 'wait' } : paced(course, room, now);
}

function neededOf(records: number, share: number): number {
  // A share such as 0.8 of 5 must not become 5 by the last bit of a product.
  return Math.ceil(records * share - 1e-9);
}

function aheadOf(course: Course): number {
  return Math.min(aheadMax, Math.max(judgedOf(course), Math.ceil(course.rate_per_second * aheadSeconds)));
}

function paced({ rate_per_second: rate, next_at }: Course, room: number, now: number): RecoveryStep {
  // Nothing is ordered for more than one turn ahead: who told a time beyond that had a clock that was set back since.
  const isSetBack = next_at - now > 1_000 / rate + 1;
  const from = isSetBack ? now : Math.max(next_at, now - backlogMs);
  if (room <= 0 || now < from) return { kind: 'wait' };
  const due = Math.floor(((now - from) * rate) / 1_000) + 1;
  return { kind: 'order', most: Math.min(due, room, stepMax), nextAt: (ordered) => from + (ordered * 1_000) / rate };
}

function stopReason(state: Course['state'], failed: number, judged: number, of: number, needed: number): string {
  return state === 'canary'
    ? `${failed} of ${judged} of the canary have failed again; ${needed} of ${of} had to recover`
    : `${failed} of the last ${judged} have failed again; ${needed} of ${of} had to recover`;
}
