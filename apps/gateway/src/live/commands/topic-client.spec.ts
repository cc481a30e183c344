import { describe, expect, test } from '@jest/globals';
import { serviceActor, type StreamTopic } from '@kintsugi/contracts';
import type { EventPlace } from '../../events/domain/event-id.js';
import type { OnceFrame } from '../domain/slow-reader.js';
import { TopicClient } from './topic-client.js';

function client(lastSeen: EventPlace | null = null, topics: StreamTopic[] = [{ kind: 'jobs' }], room = Infinity) {
  const sent: string[] = [];
  const reader = { isFull: false, resume: (): void => undefined };
  const outlet = {
    send: (frame: string) => sent.length < room && sent.push(frame) > 0,
    get isFull() {
      return reader.isFull;
    },
    drained: () =>
      reader.isFull
        ? new Promise<void>((resolve) => {
            reader.resume = () => {
              reader.isFull = false;
              resolve();
            };
          })
        : Promise.resolve(),
    stalledMs: () => 0,
    end: () => undefined,
    cut: () => sent.push('(cut)'),
  };
  const origin = { actor: serviceActor('test'), requestId: 'r' };
  const request = { topics, intervalMs: 1_000, lastSeen, callerName: 'c', isStillAdmitted: async () => true, origin };
  return { told: new TopicClient(request, outlet, () => undefined), sent, reader };
}

const event = (sequence: number, length = 1): OnceFrame => ({
  ...{ sequence, id: `${sequence}-1`, topic: 'jobs', frame: `${sequence}`.padEnd(length) },
});

describe('what is now', () => {
  test('is told no more often than was asked for, and the last of it at once', () => {
    const { told, sent } = client();
    told.tellNow('fleet', 'a', 0);
    told.tellNow('fleet', 'b', 500);
    told.tellNow('fleet', 'b', 980);
    told.tellNow('fleet', 'c', 1_100);
    told.tellNow('fleet', 'd', Infinity);
    expect(sent).toEqual(['a', 'b', 'd']);
  });

  test('is told once while it stays the same', () => {
    const { told, sent } = client();
    told.tellNow('fleet', 'a', 0);
    told.tellNow('fleet', 'a', 5_000);
    expect(sent).toEqual(['a']);
  });
});

describe('a client that does not keep up', () => {
  test('hears what waited, a gap for what there was no room for, and the newest of what is now', async () => {
    const { told, sent, reader } = client();
    reader.isFull = true;
    told.tellOnce(event(1));
    told.tellNow('fleet', 'old', 0);
    told.tellNow('fleet', 'new', 2_000);
    for (const sequence of [2, 3, 4]) told.tellOnce(event(sequence, 200_000));
    expect(sent).toEqual(['1']);
    reader.resume();
    await new Promise(setImmediate);
    expect(sent.map((frame) => frame.trim().split('\n')[0])).toEqual(['1', '2', 'event: gap', 'new']);
    expect(sent[2]).toContain('"dropped":2,"from_id":"3-1","to_id":"4-1"');
    told.tellOnce(event(5));
    expect(sent.at(-1)).toBe('5');
  });
});

describe('a client that comes back', () => {
  test('loses its connection, and no event in silence, where there is no room for what it missed', async () => {
    const { told, sent } = client({ sequence: 4, takenMs: null }, [{ kind: 'jobs' }], 2);
    await told.replay([event(5), event(6), event(7), event(8)]);
    told.goLive(8);
    told.tellOnce(event(9));
    expect(sent).toEqual(['5', '6', '(cut)']);
  });

  test('hears what it missed, then what happened meanwhile, each once', async () => {
    const { told, sent } = client({ sequence: 4, takenMs: null });
    told.tellOnce(event(7));
    told.tellOnce(event(8));
    await told.replay([event(5), event(6), event(7)]);
    told.goLive(7);
    told.tellOnce(event(8));
    told.tellOnce(event(9));
    expect(sent).toEqual(['5', '6', '7', '8', '9']);
  });

  test('hears at once what is now, and of another stream from its beginning', () => {
    const { told, sent } = client({ sequence: 4, takenMs: null }, [{ kind: 'fleet' }]);
    told.tellNow('fleet', 'a', 0);
    told.tellOnce(event(9));
    told.startAfresh({ event: 'gap', data: {} });
    told.tellOnce(event(1));
    expect(sent).toEqual(['a', '9', 'event: gap\ndata: {}\n\n', '1']);
  });
});
