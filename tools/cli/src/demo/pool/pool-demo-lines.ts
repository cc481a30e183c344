import type { AutoRecoveryReport } from '@kintsugi/contracts';
import type { Output } from '../../terminal/output.js';
import { duration, plural } from '../../terminal/quantities.js';
import { fit, fitMiddle, harmless, wrap } from '../../terminal/text-width.js';
import type { DemoSlot, PoolDemoSummary } from './pool-demo-summary.js';

type Screen = Pick<Output, 'paint' | 'columns'>;

const numbered = (index: number, text: string, columns: number): string =>
  fitMiddle(`  ${index + 1}  ${harmless(text)}`, columns);

/** What was done to which slot. */
export function damageLines(slots: readonly Pick<DemoSlot, 'damage'>[], { paint, columns }: Screen): string[] {
  const damaged = slots.filter(({ damage }) => damage !== null).length;
  return [
    paint.bold(`${plural(damaged, 'slot')} of ${slots.length} are damaged, each in another way`),
    ...slots.map(({ damage }, index) =>
      damage === null ? paint.dim(numbered(index, 'left alone', columns)) : numbered(index, damage, columns),
    ),
  ];
}

/** What the agent found in which slot, by looking alone. */
export function findingLines(slots: readonly Pick<DemoSlot, 'found'>[], { paint, columns }: Screen): string[] {
  return [
    paint.bold('The agent looks'),
    paint.dim('  ./kintsugi pool anomalies demo'),
    ...slots.flatMap(({ found }, index) => (found.length === 0 ? [] : [numbered(index, inShort(found), columns)])),
  ];
}

function inShort([first = '', ...others]: readonly string[]): string {
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return `${first}${more}`;
}

/** What became of each slot. */
export function repairLines(slots: readonly DemoSlot[], tookMs: number, { paint, columns }: Screen): string[] {
  return [
    paint.bold(`The agent repairs, in ${duration(tookMs)}`),
    paint.dim('  ./kintsugi pool auto-recover demo'),
    ...slots.flatMap((slot, index) => {
      const [words, color] = endOf(slot, paint);
      return [
        `  ${index + 1}  ${color(words.padEnd(9))} ${fit(howOf(slot), columns - 16)}`.trimEnd(),
        ...(slot.reason === null
          ? []
          : wrap(`why: ${harmless(slot.reason)}`, columns - 15).map((line) => `${' '.repeat(15)}${line}`)),
      ];
    }),
  ];
}

function endOf({ state, sound, damage }: DemoSlot, paint: Screen['paint']): [string, (text: string) => string] {
  if (state === 'ERROR') return ['isolated', paint.yellow];
  if (state !== 'AVAILABLE' || !sound) return ['broken', paint.red];
  return damage === null ? ['sound', paint.dim] : ['healed', paint.green];
}

function howOf({ state, rungs, damage, untouched }: DemoSlot): string {
  if (state === 'ERROR') return 'nobody gets it before a person has looked';
  if (damage === null) return untouched ? 'not touched: the same, byte for byte' : 'changed';
  return rungs.length === 0 ? 'the lock is removed' : `by ${rungs.join(', then ')}`;
}

/** Whether all ended as it has to, by git's own word. */
export function poolVerdictLines(summary: PoolDemoSummary, faults: readonly string[], { paint, columns }: Screen): string[] {
  const { slots, report, program_was_run, outside_untouched, wall_s } = summary;
  const sound = slots.filter(({ state, sound: isSound }) => state === 'AVAILABLE' && isSound).length;
  const isolated = slots.filter(({ state }) => state === 'ERROR').length;
  const words = `${sound} of ${slots.length} slots are sound by git's own fsck, ${isolated} isolated`;
  const ran = program_was_run ? 'was run' : 'was never run';
  const beyond = outside_untouched ? 'is as it was' : 'was changed';
  return [
    faults.length === 0 ? paint.bold(paint.green(words)) : paint.bold(paint.red(words)),
    `  ${countsOf(report)}`,
    `  The program ${ran}; what the link led to ${beyond}.`,
    ...faults.flatMap((fault) => wrap(`${fault}.`, columns - 2).map((line) => `  ${line}`)),
    paint.dim(`  The whole demo took ${duration(wall_s * 1_000)}.`),
  ];
}

function countsOf({ corrupted_recovered, corrupted_isolated, orphaned_locks_cleaned }: AutoRecoveryReport): string {
  return `${plural(corrupted_recovered, 'slot')} recovered, ${corrupted_isolated} isolated, ${plural(orphaned_locks_cleaned, 'lock')} removed`;
}
