import type { CountedSteps, StepMark } from './task-extras.js';

/** Reruns of reruns whose steps are still looked at. */
const originsMax = 8;

/** The mark of a task whose steps from a sequence on count no longer, as far as they were kept under leases before a fence. */
export function cutSteps(mark: StepMark, fence: number, sequence: number): StepMark {
  // A cut takes in those before it that are at the same place or behind it.
  const cuts = (mark.cuts ?? []).filter(([, earlier]) => earlier < sequence);
  return { ...mark, cuts: [...cuts, [fence, sequence]] };
}

/** The mark of a task that is a rerun of another: it goes on behind the steps of that one. */
export function markOfRerun(taskId: string, { from = [], cuts }: StepMark): StepMark {
  return { from: [...from, { task_id: taskId, ...(cuts ? { cuts } : {}) }].slice(-originsMax) };
}

/** The tasks whose steps a task goes on behind, itself included. */
export function ownersOfSteps(taskId: string, { from = [] }: StepMark): string[] {
  return [...from.map(({ task_id: origin }) => origin), taskId];
}

/**
 * Those of the steps of these tasks that still count, in their order. Of one name it is the one of the latest run, wherever it
 * stands: what a worker that had lost its lease has kept late is not what the runs since went on with.
 */
export function countedSteps<Step extends { taskId: string; fence: number; sequence: number; name: string }>(
  taskId: string,
  mark: StepMark,
  kept: readonly Step[],
): Step[] {
  const counted: Step[] = [];
  const known = new Set<string>();
  // A cut of a later run takes all that earlier runs have kept from its place on.
  let below = Infinity;
  for (const { task_id: owner, cuts = [] } of [...(mark.from ?? []), { task_id: taskId, cuts: mark.cuts }].reverse()) {
    const own = kept.filter((step) => step.taskId === owner && step.sequence < below && isCounted({ cuts }, step));
    for (const step of own.sort((one, other) => other.fence - one.fence)) {
      if (!known.has(step.name)) counted.push(step);
      known.add(step.name);
    }
    for (const [, sequence] of cuts) below = Math.min(below, sequence);
  }
  return counted.sort((one, other) => one.sequence - other.sequence);
}

function isCounted({ cuts = [] }: CountedSteps, { fence, sequence }: { fence: number; sequence: number }): boolean {
  return !cuts.some(([before, from]) => fence < before && sequence >= from);
}
