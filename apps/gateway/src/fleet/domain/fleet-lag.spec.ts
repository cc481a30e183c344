import { expect, test } from '@jest/globals';
import { lagIn } from './fleet-lag.js';
import type { MetricFamily, ProcessFigures } from './metric-family.js';

const process = (service: string, families: Record<string, MetricFamily['values']> = {}): ProcessFigures => ({
  ...{ service, instance: '1' },
  families: Object.entries(families).map(([name, values]) => ({ name, help: '', type: 'gauge', values })),
});
const of = (value: number, labels: Record<string, string> = {}) => ({ value, labels });

test('the lag is what waits in all streams, and the oldest task of all queues', () => {
  const figures = [
    process('job-service', {
      kintsugi_consumer_pending: [of(3, { stream: 'events' }), of(4, { stream: 'commands' })],
      kintsugi_queue_oldest_ready_age_seconds: [of(2.4, { type: 'mail' }), of(61.6, { type: 'pdf' })],
    }),
    process('gateway'),
  ];
  expect(lagIn(figures)).toEqual({ waiting_messages: 7, oldest_ready_task_s: 62 });
});

test('nobody who says is no lag of zero', () => {
  expect(lagIn([process('gateway')])).toEqual({ waiting_messages: null, oldest_ready_task_s: null });
});
