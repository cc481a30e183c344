import type { SafetyClass } from '@kintsugi/contracts';
import type { RerunTable } from './rerun-table.js';

/** What to think of before tasks are run again. */
export function rerunWarnings(safety: SafetyClass, table: RerunTable, rerun: readonly number[]): string[] {
  const warnings: string[] = [];
  const ran = rerun.filter((at) => table.hasRun(at)).length;
  if (safety === 'unsafe' && ran > 0) {
    warnings.push(`${tasks(ran)} of an unsafe job ran before, and may have taken effect: that may happen twice.`);
  }
  if (safety === 'keyed' && ran > 0) {
    warnings.push(`${tasks(ran)} get run keys of their own in the new job: the other side may not know them for the same.`);
  }
  const succeeded = rerun.filter((at) => table.states[at] === 'succeeded').length;
  if (succeeded > 0) warnings.push(`${tasks(succeeded)} succeeded before, and run again all the same.`);
  const unclear = rerun.filter((at) => table.states[at] === 'outcome_unknown').length;
  if (unclear > 0) warnings.push(`Of ${tasks(unclear)} nobody knows whether they took effect: look before they run again.`);
  return warnings;
}

function tasks(count: number): string {
  return count === 1 ? '1 task' : `${count} tasks`;
}
