import { describe, expect, test } from '@jest/globals';
import { Follower } from './follower.js';

function followed(room = Number.POSITIVE_INFINITY) {
  const sent: string[] = [];
  const outlet = {
    send: (frame: string) => sent.push(frame) <= room,
    end: () => sent.push('(end)'),
    cut: () => sent.push('(cut)'),
  };
  let overs = 0;
  const follower = new Follower('job_1', outlet, () => {
    overs += 1;
  });
  return { follower, sent, overs: () => overs };
}

describe('a client that follows a job', () => {
  test('gets what happened while its snapshot was made, after the snapshot and only what the snapshot does not know', () => {
    const { follower, sent } = followed();
    follower.pass(7, 'job.started', 'seven');
    follower.pass(9, 'job.progressed', 'nine');
    follower.tell({ event: 'snapshot', id: 8, data: {} });
    follower.goLive(8);
    follower.pass(10, 'job.progressed', 'ten');
    expect(sent).toEqual(['event: snapshot\nid: 8\ndata: {}\n\n', 'nine', 'ten']);
  });

  test('gets each event of a replay once, also when the live feed brings it as well', () => {
    const { follower, sent } = followed();
    follower.pass(5, 'job.progressed', 'five');
    follower.replay(4, 'job.progressed', 'four');
    follower.replay(5, 'job.progressed', 'five');
    follower.goLive(5);
    follower.pass(5, 'job.progressed', 'five');
    follower.pass(6, 'job.progressed', 'six');
    expect(sent).toEqual(['four', 'five', 'six']);
  });

  test.each(['job.completed', 'job.cancelled'] as const)('is told the end after %s', (name) => {
    const { follower, sent, overs } = followed();
    follower.goLive(0);
    follower.pass(1, name, 'one');
    follower.pass(2, 'job.progressed', 'two');
    expect(sent).toEqual(['one', 'event: end\ndata: {"job_id":"job_1"}\n\n', '(end)']);
    expect(overs()).toBe(1);
  });

  test('stays after job.failed, since the job may recover', () => {
    const { follower, sent } = followed();
    follower.goLive(0);
    follower.pass(1, 'job.failed', 'one');
    follower.pass(2, 'job.recovered', 'two');
    expect(sent).toEqual(['one', 'two']);
  });

  test('is cut when it reads too slowly, and leaves nothing behind', () => {
    const { follower, sent, overs } = followed(2);
    follower.goLive(0);
    for (let sequence = 1; sequence < 9; sequence += 1) follower.pass(sequence, 'job.progressed', 'x');
    expect(sent).toEqual(['x', 'x', 'x', '(cut)']);
    expect(overs()).toBe(1);
  });

  test('is cut when too much happens before its snapshot is there', () => {
    const { follower, sent } = followed();
    for (let sequence = 1; sequence <= 1_001; sequence += 1) follower.pass(sequence, 'job.progressed', 'x');
    expect(sent).toEqual(['(cut)']);
  });

  test('starts afresh after the stream was lost, however low its numbers are then', () => {
    const { follower, sent } = followed();
    follower.goLive(500);
    follower.hold();
    follower.pass(2, 'job.progressed', 'two');
    follower.goLive(1);
    expect(sent).toEqual(['two']);
  });
});
