import { describe, expect, test } from '@jest/globals';
import type { ProcessHealth } from './fleet-health.js';
import { ScrapeTargets, rememberedMs } from './scrape-targets.js';

const processAt = (ops: string | null, service = 'job-service', instance = 'a'): ProcessHealth => ({
  ...{ service, instance, ops },
  ready: true,
  checks: {},
});

describe('the targets of a scrape', () => {
  test('are the ops ports, named by service and instance and in that order', () => {
    expect(new ScrapeTargets().note([processAt('10.0.0.5:9464'), processAt('[::1]:9464', 'gateway', 'b')], 0)).toEqual([
      { targets: ['[::1]:9464'], labels: { service: 'gateway', instance: 'b' } },
      { targets: ['10.0.0.5:9464'], labels: { service: 'job-service', instance: 'a' } },
    ]);
  });

  test('leave out a process that has no such port', () => {
    expect(new ScrapeTargets().note([processAt(null)], 0)).toEqual([]);
  });

  test('keep one that answers no more for long enough to be seen as down, and no longer', () => {
    const targets = new ScrapeTargets();
    const known = targets.note([processAt('10.0.0.5:9464')], 0);
    expect(targets.note([], rememberedMs)).toEqual(known);
    expect(targets.note([], rememberedMs + 1)).toEqual([]);
  });

  test('follow one that came back elsewhere', () => {
    const targets = new ScrapeTargets();
    targets.note([processAt('10.0.0.5:9464')], 0);
    expect(targets.note([processAt('10.0.0.6:9464')], 1)).toEqual([
      { targets: ['10.0.0.6:9464'], labels: { service: 'job-service', instance: 'a' } },
    ]);
  });
});
