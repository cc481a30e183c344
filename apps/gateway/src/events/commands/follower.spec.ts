import { describe, expect, test } from '@jest/globals';
import { serviceActor, type EventName } from '@kintsugi/contracts';
import { Follower, type EventFrame } from './follower.js';

function followed(room = Number.POSITIVE_INFINITY) {
  const sent: string[] = [];
  const outlet = {
    send: (frame: string) => sent.push(frame) <= room,
    isFull: false,
    drained: () => Promise.resolve(),
    stalledMs: () => 0,
    end: () => sent.push('(end)'),
    cut: () => sent.push('(cut)'),
  };
  let overs = 0;
  const follower = new Follower(
    { jobId: 'job_1', isStillAdmitted: async () => true, origin: { actor: serviceActor('test'), requestId: 'r' } },
    outlet,
    () => {
      overs += 1;
    },
  );
  return { follower, sent, overs: () => overs };
}

const eventAt = (sequence: number, name: EventName = 'job.progressed', frame = `${sequence}`): EventFrame => ({
  sequence,
  name,
  frame,
});

describe('a client that follows a job', () => {
  test('gets what happened while its snapshot was made, after the snapshot and only what the snapshot does not know', () => {
    const { follower, sent } = followed();
    follower.pass(eventAt(7));
    follower.pass(eventAt(9));
    follower.tell({ event: 'snapshot', id: '8', data: {} });
    follower.goLive(8);
    follower.pass(eventAt(10));
    expect(sent).toEqual(['event: snapshot\nid: 8\ndata: {}\n\n', '9', '10']);
  });

  test('gets each event of a replay once, also when the live feed brings it as well', async () => {
    const { follower, sent } = followed();
    follower.pass(eventAt(5));
    follower.pass(eventAt(6));
    await follower.replay([eventAt(4), eventAt(5)]);
    follower.goLive(5);
    follower.pass(eventAt(5));
    follower.pass(eventAt(7));
    expect(sent).toEqual(['4', '5', '6', '7']);
  });

  test.each(['job.completed', 'job.cancelled'] as const)('is told the end after %s', (name) => {
    const { follower, sent, overs } = followed();
    follower.goLive(0);
    follower.pass(eventAt(1, name));
    follower.pass(eventAt(2));
    expect(sent).toEqual(['1', 'event: end\ndata: {"job_id":"job_1"}\n\n', '(end)']);
    expect(overs()).toBe(1);
  });

  test('is told the end that it missed, and nothing after it', async () => {
    const { follower, sent } = followed();
    await follower.replay([eventAt(1, 'job.completed'), eventAt(2)]);
    follower.goLive(2);
    expect(sent).toEqual(['1', 'event: end\ndata: {"job_id":"job_1"}\n\n', '(end)']);
  });

  test('stays after job.failed, since the job may recover', () => {
    const { follower, sent } = followed();
    follower.goLive(0);
    follower.pass(eventAt(1, 'job.failed'));
    follower.pass(eventAt(2, 'job.recovered'));
    expect(sent).toEqual(['1', '2']);
  });

  test('is cut when it reads too slowly, and leaves nothing behind', () => {
    const { follower, sent, overs } = followed(2);
    follower.goLive(0);
    for (let sequence = 1; sequence < 9; sequence += 1) follower.pass(eventAt(sequence));
    expect(sent).toEqual(['1', '2', '3', '(cut)']);
    expect(overs()).toBe(1);
  });

  test('is cut when too much happens before it is up to date', () => {
    const { follower, sent } = followed();
    for (let sequence = 1; sequence <= 5; sequence += 1) {
      follower.pass(eventAt(sequence, 'job.progressed', 'x'.repeat(1024 * 1024)));
    }
    expect(sent).toEqual(['(cut)']);
  });

  test('starts afresh after the stream was lost, however low its numbers are then', () => {
    const { follower, sent } = followed();
    follower.goLive(500);
    follower.hold();
    follower.pass(eventAt(2));
    follower.goLive(1);
    expect(sent).toEqual(['2']);
  });
});
