import type { AutoRecoveryReport } from '@kintsugi/contracts';

/** A slot of the demo, from its damage to its end. */
export interface DemoSlot {
  slot_id: string;
  /** What was done to it; null for one that was left alone. */
  damage: string | null;
  /** What the agent found, in its words; the slot has a lock that nobody holds where that is all. */
  found: string[];
  /** What the agent did, in order. */
  rungs: string[];
  state: string;
  /** Why it is isolated. */
  reason: string | null;
  /** By git's own word, and without the agent: all objects are whole, and each file is as its commit says. */
  sound: boolean;
  /** Nothing of it has changed since before the damages, byte for byte. */
  untouched: boolean;
}

/** The one object that `demo pool --json` ends with. */
export interface PoolDemoSummary {
  slots: DemoSlot[];
  report: AutoRecoveryReport;
  /** Whether a program that a slot named was run. */
  program_was_run: boolean;
  /** Whether what the link led to is as it was. */
  outside_untouched: boolean;
  wall_s: number;
}

/** What is wrong with the outcome; none where each slot is sound, or isolated with the reason. */
export function poolFaultsOf(summary: PoolDemoSummary, expected: readonly { ends: 'healed' | 'isolated' }[]): string[] {
  const { slots, program_was_run, outside_untouched } = summary;
  return [
    ...slots.flatMap((slot, index) => {
      const end = expected[index]?.ends ?? 'untouched';
      const fault = faultOf(slot, end);
      return fault === null ? [] : [`Slot ${index + 1} ${fault}`];
    }),
    ...(program_was_run ? ['A program that a slot named was run'] : []),
    ...(outside_untouched ? [] : ['What lies outside of the pool was changed']),
  ];
}

function faultOf({ state, sound, untouched, reason }: DemoSlot, end: 'healed' | 'isolated' | 'untouched'): string | null {
  if (end === 'isolated') {
    return state === 'ERROR' && reason !== null ? null : `is ${state}, and was to be isolated with the reason`;
  }
  if (state !== 'AVAILABLE' || !sound) return `is ${state}${sound ? '' : ', and not sound'}`;
  return end === 'untouched' && !untouched ? 'was not damaged, and has been changed' : null;
}
