import { describe, expect, test } from '@jest/globals';
import { eventHeaders, eventType, type EventName } from '@kintsugi/contracts';
import { readTaskEvents } from './read-task-events.js';

function message(type: string, body: string | Uint8Array) {
  const headers = eventHeaders({ id: 'e1', type, source: 'job-service', subject: 'c', time: '2026-11-23T06:00:00.000Z' });
  return {
    data: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    headers: { get: (name: string) => headers[name] ?? '' },
  };
}

const event = (name: EventName, data: unknown) => message(eventType(name), JSON.stringify(data));

describe('reading an event', () => {
  test('of recovered tasks and of cancelled jobs gives their taskEvents', () => {
    const task = {
      task_id: 'task_01890a5d-ac96-774b-bcce-b302099a8057.0.3',
      job_id: 'j',
      attempt: 2,
      recovered_at: '2026-11-23T06:00:00.000Z',
    };
    expect(readTaskEvents(event('task.recovered', { tasks: [task] }))).toEqual({
      taskEvents: [{ kind: 'recovery', recovery: task }],
    });
  });

  test('of no concern gives none', () => {
    expect(readTaskEvents(event('job.started', { jobs: [] }))).toEqual({ taskEvents: [] });
  });

  test.each([
    ['without headers', { data: new TextEncoder().encode('{}') }, /CloudEvent/],
    ['of an unknown type', message('kintsugi.task.exploded.v1', '{}'), /does not know/],
    ['of an unknown version', message('kintsugi.task.failed.v2', '{}'), /does not know/],
    ['that is not JSON', message(eventType('task.failed'), '{"tasks":'), /not valid JSON/],
    ['that is not UTF-8', message(eventType('task.failed'), new Uint8Array([0xff, 0xfe])), /UTF-8/],
    ['with wrong data', event('task.failed', { tasks: [{ task_id: 7 }] }), /data\.tasks\[0\]\.task_id/],
    [
      'of tasks with no well-formed id',
      event('task.recovered', { tasks: [{ task_id: 't', job_id: 'j', attempt: 2, recovered_at: '' }] }),
      /data\.tasks\[0\]\.task_id/,
    ],
    [
      'of a run before the first',
      event('task.recovered', {
        tasks: [{ task_id: 'task_01890a5d-ac96-774b-bcce-b302099a8057.0.3', job_id: 'j', attempt: 0, recovered_at: '' }],
      }),
      /data\.tasks\[0\]\.attempt/,
    ],
    ['with forbidden keys', message(eventType('task.failed'), '{"__proto__":{"tasks":[]}}'), /forbidden key/],
  ])('%s tells why it cannot be read', (_name, given, reason) => {
    const unreadable = expect.objectContaining({ message: expect.stringMatching(reason) });
    expect(readTaskEvents(given)).toEqual({ unreadable });
  });
});
