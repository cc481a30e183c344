import { describe, expect, it } from '@jest/globals';
import { planWorkers, stopStages, type ProcessRole } from './process-roles.js';

const named = (name: string, role: ProcessRole) => ({ name, role });

describe('the order of stopping', () => {
  it('goes from the doors to the services to the servers', () => {
    const stages = stopStages([
      named('nats-server', 'server'),
      named('job-service', 'service'),
      named('mongod', 'server'),
      named('gateway', 'gateway'),
      named('recovery-service', 'service'),
      named('companion-1', 'companion'),
      named('worker-1', 'worker'),
    ]);
    expect(stages.map((stage) => stage.map(({ name }) => name))).toEqual([
      ['gateway', 'worker-1'],
      ['job-service', 'recovery-service', 'companion-1'],
      ['nats-server', 'mongod'],
    ]);
  });

  it('has no empty stage', () => {
    expect(stopStages([named('job-service', 'service')])).toHaveLength(1);
    expect(stopStages([])).toEqual([]);
  });
});

describe('the workers', () => {
  it('are numbered over all programs', () => {
    expect(planWorkers(['a.js', 'b.js'], 2)).toEqual([
      { name: 'worker-1', program: 'a.js' },
      { name: 'worker-2', program: 'a.js' },
      { name: 'worker-3', program: 'b.js' },
      { name: 'worker-4', program: 'b.js' },
    ]);
  });

  it('may be none', () => {
    expect(planWorkers(['a.js'], 0)).toEqual([]);
    expect(planWorkers([], 3)).toEqual([]);
  });
});
