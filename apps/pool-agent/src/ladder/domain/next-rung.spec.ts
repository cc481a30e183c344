import { describe, expect, test } from '@jest/globals';
import { finding, rungs, type FindingKind, type Rung } from '../../inspection/domain/finding.js';
import { nextStep } from './next-rung.js';

const next = (kinds: FindingKind[], tried: Rung[] = []) =>
  nextStep(
    kinds.map((kind) => finding(kind, 'x')),
    new Set(tried),
  );

describe('the next step', () => {
  test('is none where nothing is wrong', () => expect(next([])).toEqual({ step: 'done' }));

  test('is the lowest rung that may help', () => {
    expect(next(['folder-missing'])).toEqual({ step: 'rung', rung: 're-clone' });
    expect(next(['files-changed', 'git-lock', 'objects-broken'])).toEqual({ step: 'rung', rung: 'stale-files' });
  });

  test('is a higher one where that has not helped, each once, and then isolation', () => {
    const taken: Rung[] = [];
    for (;;) {
      const step = next(['git-lock'], taken);
      if (step.step !== 'rung') {
        expect(step.step).toBe('isolate');
        break;
      }
      taken.push(step.rung);
    }
    expect(taken).toEqual(rungs);
  });

  test('is to wait while the host is in the way, and no rung whatever else is wrong', () => {
    expect(next(['environment', 'folder-missing'])).toEqual({ step: 'hold' });
  });

  test('is isolation for what leads out of the pool', () => {
    expect(next(['path-escapes', 'environment'])).toMatchObject({ step: 'isolate' });
  });

  test('is to put the slot back where submodules are refused, and isolation where they still are', () => {
    expect(next(['submodule-refused', 'unpushed-work'])).toEqual({ step: 'rung', rung: 'clean' });
    expect(next(['submodule-refused'], ['clean'])).toMatchObject({ step: 'isolate' });
  });
});
