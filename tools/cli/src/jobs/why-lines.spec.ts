import { describe, expect, test } from '@jest/globals';
import type { JobExplanation, JobWait } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { whyLines } from './why-lines.js';

const screen = new Output({ write: () => undefined }, { write: () => undefined }, false, {});
const wait: JobWait = {
  reason: 'PRIORITY',
  tasks: 300,
  what: '300 tasks wait: 2 workers with 20 slots that can run them have no room, and 5000 tasks of a higher priority go first.',
  holder: 'job_01890a5d-ac96-774b-bcce-b302099a8057',
  since: '2026-11-27T05:00:00.000Z',
  eta_s: 90,
  eta_low_s: 80,
  eta_high_s: 100,
  do: 'Start more workers for send, or give a job that is to go first a higher priority.',
};

function linesOf(waiting: JobWait[]): string[] {
  const explanation: JobExplanation = {
    ...{ job_id: 'job_01890a5d-ac96-774b-bcce-b302099a8058', status: 'pending', as_of: '2026-11-27T06:00:00.000Z', waiting },
  };
  return whyLines(explanation, screen);
}

describe('why a job waits', () => {
  test('is told with who has what it waits for, how long, and what to do, within 80 columns', () => {
    const lines = linesOf([wait]);
    const text = lines.join('\n');
    expect(text).toContain('PRIORITY');
    expect(text).toContain('Held by  job_01890a5d-ac96-774b-bcce-b302099a8057');
    expect(text).toContain('about 1 min 30 s');
    expect(text).toContain('Do       Start more workers');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('says nothing of what nobody knows', () => {
    const text = linesOf([{ ...wait, holder: null, since: null, eta_s: null, do: null }]).join('\n');
    expect(text).not.toMatch(/Held by|Since|Left|Do /);
  });

  test('is nothing, in words, when it waits for nothing', () => {
    expect(linesOf([])).toContain('  It waits for nothing.');
  });
});
