import { describe, expect, test } from '@jest/globals';
import {
  everyPhase,
  mayMove,
  phaseAfter,
  recordPhases,
  recordTransitions,
  waitingPhases,
  type RecordMove,
  type RecordPhase,
} from './record-lifecycle.js';

const legal: Record<RecordMove, readonly RecordPhase[]> = {
  defer: everyPhase,
  retry: everyPhase,
  discard: everyPhase,
  doubt: everyPhase,
  quarantine: everyPhase,
  report: ['reported'],
  start: ['deferred'],
  requeue: ['deferred', 'retrying', 'discarded', 'outcome_unknown', 'quarantined', 'requeued'],
  recover: everyPhase.filter((phase) => phase !== 'recovered'),
  cancel: ['deferred', 'retrying', 'requeued', 'discarded', 'outcome_unknown', 'quarantined'],
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

  test('waits for a person where nothing but one can move it on: given up, or of an end that nobody knows', () => {
    expect(everyPhase.filter((phase) => recordPhases[phase].status === 'pending')).toEqual(['outcome_unknown', 'quarantined']);
    const left = everyPhase.filter((phase) => mayMove(phase, 'requeue') && recordPhases[phase].status !== 'in_progress');
    expect([...waitingPhases].sort()).toEqual(left.sort());
  });

  test('every phase can be reached', () => {
    expect(new Set(moves.map((move) => phaseAfter(move).phase))).toEqual(new Set(everyPhase));
  });
});
