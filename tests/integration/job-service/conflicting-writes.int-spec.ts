// When somebody else has changed a chunk it is read again, and its leases stand as they did, whatever happens to the read.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { MongoNetworkError } from 'mongodb';
import type { WorkHeader } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import type { Chunk } from '../../../apps/job-service/src/tasks/domain/chunk.js';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

let servers: TestServers;
let service: JobServiceUnderTest;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterAll(async () => {
  await service.stop();
  await servers.stop();
});

it('leases are kept when the database is away at the moment in which their chunk is read again', async () => {
  const { parts, bus } = service;
  const worker = new ScriptedWorker(bus, 'worker', ['send']);
  await callAction(bus, 'createJob', { product_id: 'p', sending_group_id: 'g', type: 'send', tasks: [{ payload: 1 }] });
  await eventually(async () => expect(worker.slices).toHaveLength(1));
  const { chunk_id, fence } = worker.slices[0] as WorkHeader;
  const load = jest.spyOn(parts.store, 'load').mockRejectedValueOnce(new MongoNetworkError('away'));
  parts.changes.tellConflicted(parts.live.get(chunk_id) as Chunk);
  expect(parts.roster.leaseOf('worker', chunk_id, fence)).toBeUndefined();
  await eventually(async () => expect(parts.roster.leaseOf('worker', chunk_id, fence)).toMatchObject({ open: 1 }));
  expect(load).toHaveBeenCalledTimes(2);
  expect(service.faults).toEqual([]);
  load.mockRestore();
  worker.stop();
});
