import { rungOf, rungs, type Finding, type Rung } from '../../inspection/domain/finding.js';

export type NextStep = { step: 'done' } | { step: 'hold' } | { step: 'isolate'; why: string } | { step: 'rung'; rung: Rung };

/** What to do next: the lowest rung that may help and was not tried; higher ones where that did not help. */
export function nextStep(findings: readonly Finding[], tried: ReadonlySet<Rung>): NextStep {
  if (findings.length === 0) return { step: 'done' };
  // What an owner has checked out may name one that the branch of the pool does not.
  const hopeless = findings.find(({ kind }) => kind === 'path-escapes' || (kind === 'submodule-refused' && tried.has('clean')));
  if (hopeless) return { step: 'isolate', why: hopeless.detail };
  if (findings.some(({ kind }) => kind === 'environment')) return { step: 'hold' };
  const helpful = findings.map(({ kind }) => rungFrom(rungOf[kind] as Rung, tried)).filter((rung) => rung !== null);
  const lowest = rungs.find((rung) => helpful.includes(rung));
  return lowest === undefined ? { step: 'isolate', why: 'no repair has helped' } : { step: 'rung', rung: lowest };
}

function rungFrom(first: Rung, tried: ReadonlySet<Rung>): Rung | null {
  return rungs.slice(rungs.indexOf(first)).find((rung) => !tried.has(rung)) ?? null;
}
