import { describe, expect, test } from '@jest/globals';
import {
  everyPhase,
  mayMove,
  phaseAfter,
  recordPhases,
  recordTransitions,
  type RecordMove,
  type RecordPhase,
} from './record-lifecycle.js';

const legal: Record<RecordMove, readonly RecordPhase[]> = {
  defer: everyPhase,
  bury: everyPhase,
  doubt: everyPhase,
  quarantine: everyPhase,
  start: ['deferred'],
  revive: ['deferred', 'retrying', 'buried', 'outcome_unknown', 'quarantined', 'reviving'],
  recover: ['deferred', 'retrying', 'buried', 'outcome_unknown', 'quarantined', 'reviving', 'cancelled'],
  cancel: ['deferred', 'retrying', 'reviving', 'buried', 'outcome_unknown', 'quarantined'],
};

const moves = Object.keys(recordTransitions) as RecordMove[];

describe('the life of an error record', () => {
  test.each(moves.flatMap((move) => everyPhase.map((phase) => [phase, move] as const)))('%s, %s', (phase, move) => {
    expect(mayMove(phase, move)).toBe(legal[move].includes(phase));
  });

  test.each(moves)('%s writes a phase with its status', (move) => {
    const { phase, recovery_status } = phaseAfter(move);
    expect(recordPhases[phase].status).toBe(recovery_status);
  });

  test('every phase can be reached', () => {
    expect(new Set(moves.map((move) => phaseAfter(move).phase))).toEqual(new Set(everyPhase));
  });
});
