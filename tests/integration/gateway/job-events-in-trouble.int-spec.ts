import { cpSync, renameSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventType, subjects } from '@kintsugi/contracts';
import { applyTopology } from '@kintsugi/messaging';
import { eventually } from '@kintsugi/testing';
import { FollowedJobs, bundledJobIds, tasksDone } from './followed-jobs.js';
import { GatewayUnderTest, jobId } from './gateway-under-test.js';

let under: GatewayUnderTest;
let jobs: FollowedJobs;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
  jobs = new FollowedJobs(under);
});

afterAll(() => under.stop());

afterEach(() => jobs.stop());

/** Gives how to put the broker back to the files that it has now. */
async function copyOfTheBrokersFiles(): Promise<() => Promise<void>> {
  const files = join(under.folder.path, 'nats', 'jetstream');
  const older = join(under.folder.path, 'older');
  await under.nats.stop();
  cpSync(files, older, { recursive: true });
  await startBroker();
  return async () => {
    await under.nats.kill();
    rmSync(files, { recursive: true });
    renameSync(older, files);
    await startBroker();
  };
}

async function startBroker(): Promise<void> {
  await under.nats.start();
  await eventually(async () => expect((await under.fetch(`/v1/jobs/${jobId}`)).status).toBe(200));
}

describe('who follows a job when something breaks', () => {
  it('the gateway restarts: the client comes back and misses nothing', async () => {
    const port = String(under.port);
    const { events, until } = jobs.follow();
    await until('snapshot');
    await under.close();
    await jobs.progress(jobId, 1);
    await under.open({ API_PORT: port });
    await eventually(() => expect(events.map(tasksDone)).toEqual([undefined, 1]));
    await jobs.progress(jobId, 2);
    await eventually(() => expect(events.map(tasksDone)).toEqual([undefined, 1, 2]));
  });

  it('the stream is lost and made again: the client is told, and follows on', async () => {
    const { names, until } = jobs.follow();
    await until('snapshot');
    const manager = await under.bus.manager();
    await manager.streams.delete('EVENTS');
    await applyTopology(under.bus);
    await eventually(() => expect(names()).toEqual(['snapshot', 'reset', 'snapshot']));
    await jobs.progress(jobId, 1);
    await until('snapshot', 'reset', 'snapshot', 'job.progressed');
  });

  it('the files of the broker are put back to an older state: the client is told, and follows on', async () => {
    await jobs.progress(jobId, 1);
    const putBack = await copyOfTheBrokersFiles();
    const { events, names, until } = jobs.follow();
    await until('snapshot');
    for (const done of [2, 3, 4]) await jobs.progress(jobId, done);
    await until('snapshot', 'job.progressed', 'job.progressed', 'job.progressed');
    await putBack();
    await eventually(() => expect(names().slice(4)).toEqual(['reset', 'snapshot']));
    await jobs.progress(jobId, 5);
    await eventually(() => expect(events.map(tasksDone).slice(6)).toEqual([5]));
  });

  it('the older state has grown past the newer one before anybody looked: the client is told all the same', async () => {
    const putBack = await copyOfTheBrokersFiles();
    const { names, until } = jobs.follow();
    await until('snapshot');
    await jobs.progress(jobId, 1);
    await until('snapshot', 'job.progressed');
    await putBack();
    for (const done of [6, 7, 8]) await jobs.progress(jobId, done);
    await eventually(() => expect(names()).toContain('reset'));
  });

  it('an event that makes no sense is left out, and one of a kind that is not known', async () => {
    const { until } = jobs.follow();
    await until('snapshot');
    const headers = { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-source': 'test', 'ce-time': 'now' };
    under.bus.publish(subjects.event('job.started'), `{"jobs":[{"job_id":"${jobId}"`, {
      headers: { ...headers, 'ce-type': eventType('job.started') },
    });
    under.bus.publish(subjects.event('job.started'), `"${jobId}"`, {
      headers: { ...headers, 'ce-type': eventType('job.started') },
    });
    under.bus.publish('kin.evt.job.dreamt', `{"jobs":[{"job_id":"${jobId}"}]}`, {
      headers: { ...headers, 'ce-type': 'kintsugi.job.dreamt.v1' },
    });
    under.bus.publish(subjects.event('job.started'), `{"jobs":[{"job_id":"${jobId}"}]}`);
    await jobs.progress(jobId, 1);
    await until('snapshot', 'job.progressed');
  });

  it('a client that does not read is dropped, and the others go on', async () => {
    const slow = connect({ port: under.port, host: '127.0.0.1' });
    jobs.onStop(() => slow.destroy());
    slow.on('error', () => undefined);
    slow.write(
      `GET /v1/jobs/${bundledJobIds[0]}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${under.keys.viewer}\r\n\r\n`,
    );
    await new Promise((resolve) => slow.once('data', resolve));
    slow.pause();
    let closed = false;
    slow.once('close', () => {
      closed = true;
    });
    const attentive = jobs.follow(bundledJobIds[1]);
    await attentive.until('snapshot');
    const large = 'x'.repeat(100_000);
    for (let sent = 0; sent < 100; sent += 1) await jobs.progressOfAll(bundledJobIds.slice(0, 2), sent, large);
    await eventually(() => expect(attentive.names()).toHaveLength(101));
    // What the kernel held is still read; then the connection is found closed, long before all events.
    slow.resume();
    await eventually(() => expect(closed).toBe(true));
    expect(slow.bytesRead).toBeLessThan(9_000_000);
  });
});
