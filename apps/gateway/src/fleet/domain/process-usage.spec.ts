import { expect, test } from '@jest/globals';
import { ProcessUsages } from './process-usage.js';

const family = (name: string, value: number | null) => ({ name, help: '', type: 'gauge', values: [{ labels: {}, value }] });
const figures = (cpuSeconds: number | null, instance = '1') => ({
  service: 'job-service',
  instance,
  families: [
    family('process_cpu_seconds_total', cpuSeconds),
    family('process_start_time_seconds', 1_000),
    family('process_resident_memory_bytes', 100 * 1024 ** 2),
  ],
});

test('the first share is that since the start, the next that since the one before', () => {
  const usages = new ProcessUsages();
  expect(usages.of(figures(10), 1_100_000)).toEqual({ cpu_percent: 10, memory_mib: 100 });
  expect(usages.of(figures(11), 1_102_000)).toMatchObject({ cpu_percent: 50 });
  expect(usages.of(figures(50, '2'), 1_100_000)).toMatchObject({ cpu_percent: 50 });
});

test('a process that was started again begins anew', () => {
  const usages = new ProcessUsages();
  usages.of(figures(10), 1_100_000);
  expect(usages.of(figures(2), 1_200_000)).toMatchObject({ cpu_percent: 1 });
});

test('what it does not tell is not known', () => {
  const usages = new ProcessUsages();
  expect(usages.of({ service: 's', instance: 'i', families: [] }, 5)).toEqual({ cpu_percent: null, memory_mib: null });
  expect(usages.of(figures(null), 1_100_000)).toMatchObject({ cpu_percent: null });
});
