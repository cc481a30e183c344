import 'reflect-metadata';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chunkIdOf, jobIdOf, taskIdOf, type CreateJobInput, type TaskStanding } from '@kintsugi/contracts';
import { NatsStrategy, ProblemFilter, readSettings, sharedSettings, storeSettings } from '@kintsugi/hosting';
import { Bus, ContractPipe, applyTopology, callAction } from '@kintsugi/messaging';
import { Health, Metrics, createLogger } from '@kintsugi/observability';
import { Store } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { jobServiceSettings } from '../../../apps/job-service/src/job-service.config.js';
import { JobServiceModule } from '../../../apps/job-service/src/job-service.module.js';

let servers: TestServers;
let bus: Bus;
let store: Store;
let app: INestMicroservice;

/** job-service in this process, as runService wires it. */
beforeAll(async () => {
  servers = await startTestServers();
  const environment = { NATS_URL: servers.natsUrl, MONGO_URL: servers.mongoUrl, INSTANCE_ID: 'under-test' };
  const settings = readSettings({ ...sharedSettings, ...storeSettings, ...jobServiceSettings }, environment);
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'job-service' });
  await applyTopology(bus);
  store = await Store.connect({ url: servers.mongoUrl, database: 'kintsugi_jobs', applicationName: 'test' }, () => undefined);
  const onFault = (): void => undefined;
  const context = {
    ...{ settings, bus, store, onFault },
    metrics: new Metrics('job-service'),
    health: new Health('job-service'),
    logger: createLogger('job-service', 'fatal'),
  };
  app = await NestFactory.createMicroservice<MicroserviceOptions>(JobServiceModule.with(context), {
    logger: false,
    abortOnError: false,
    strategy: new NatsStrategy({ bus, queue: 'job-service', onFault }),
  });
  app.useGlobalPipes(new ContractPipe('data'));
  app.useGlobalFilters(new ProblemFilter());
  await app.listen();
});

afterAll(async () => {
  await app?.close();
  await bus?.close();
  await store?.close();
  await servers?.stop();
});

async function jobOf(count: number): Promise<string> {
  const tasks: CreateJobInput['tasks'] = Array.from({ length: count }, (_, index) => ({ id: `t${index}`, payload: { index } }));
  const head = { product_id: 'shop', sending_group_id: 'spring', user_id: 'ann', type: 'trial' };
  return (await callAction(bus, 'createJob', { ...head, tasks })).job_id;
}

async function standingsOf(task_ids: string[]): Promise<TaskStanding[]> {
  return (await callAction(bus, 'checkTasks', { task_ids })).tasks;
}

describe('how tasks stand', () => {
  test('is told for tasks of many jobs at once, and what does not exist is left out', async () => {
    const [large, single] = [await jobOf(300), await jobOf(1)];
    const last = taskIdOf(chunkIdOf(large, 1), 43);
    const only = `task_${single.slice(4, 40)}.0.${single.slice(41)}`;
    const nowhere = [taskIdOf(chunkIdOf(jobIdOf(uuidv7()), 0), 0), taskIdOf(chunkIdOf(large, 1), 44)];
    expect(await standingsOf([last, ...nowhere, only])).toEqual([
      { task_id: last, state: 'ready', attempts: 0, job_status: 'pending' },
      { task_id: only, state: 'ready', attempts: 0, job_status: 'pending' },
    ]);
  });

  test('is cancelled once the job is, and the job is told as such', async () => {
    const jobId = await jobOf(2);
    await callAction(bus, 'cancelJob', { job_id: jobId });
    const task_id = taskIdOf(chunkIdOf(jobId, 0), 1);
    await eventually(async () =>
      expect(await standingsOf([task_id])).toEqual([{ task_id, state: 'cancelled', attempts: 0, job_status: 'cancelled' }]),
    );
  });

  test('is not asked without tasks, or of what is no task', async () => {
    await expect(standingsOf([])).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(standingsOf(['task_1'])).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});
