// An event that cannot be taken in holds up no other and is not lost: it is kept as a dead letter, unless what failed it passes.
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { errorRecordIdOf, type ConsumerName, type DeadLetterView, type StreamName } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import type { Store } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobServiceSide, failureOf, newJob } from './job-service-side.js';
import { type RecoveryServiceUnderTest, recoveryStore, startRecoveryService } from './recovery-service-under-test.js';

const consumer: ConsumerName = 'recovery-service-failures';
const commandStream: StreamName = 'COMMANDS';
const poison = 'poison.now';

let servers: TestServers;
let service: RecoveryServiceUnderTest;
let jobService: JobServiceSide;
let store: Store;

beforeAll(async () => {
  servers = await startTestServers();
  jobService = await JobServiceSide.connect(servers.natsUrl);
  service = await startRecoveryService(servers);
  store = await recoveryStore(servers);
});

afterEach(async () => {
  await store.collection('dead_letters').deleteMany({});
});

afterAll(async () => {
  await service?.stop();
  await store?.close();
  await jobService?.close();
  await servers?.stop();
});

const deadLetters = () => store.collection('dead_letters').find().toArray();

/** How many deliveries there were, and how many messages are not settled yet. */
async function deliveries(): Promise<{ made: number; open: number }> {
  const manager = await jobService.bus.manager();
  const { delivered, num_ack_pending, num_pending } = await manager.consumers.info('EVENTS', consumer);
  return { made: delivered.consumer_seq, open: num_ack_pending + num_pending };
}

/** Has the database refuse the records of an error type, each time and for a reason that the service does not know of. */
async function refuse(errorType: string | null): Promise<void> {
  const validator = errorType === null ? {} : { error_type: { $ne: errorType } };
  await store.db.command({ collMod: 'error_records', validator });
}

it('that fails by an unexpected fault is tried five times, then kept, and taken in when it is replayed; its neighbours are taken in at once', async () => {
  await refuse(poison);
  const [job, ...others] = Array.from({ length: 9 }, newJob);
  if (!job) throw new Error('No job.');
  const events = [...others.slice(0, 4), job, ...others.slice(4)].map((each) =>
    jobService.emit('task.failed', {
      tasks: [0, 1].map((index) => failureOf(each, index, { error_type: each === job && index === 1 ? poison : 'smtp.550' })),
    }),
  );
  await Promise.all(events);
  for (const other of others) {
    await eventually(async () => expect(await jobService.tasksOf('discardTasks', other.jobId)).toHaveLength(2));
  }
  expect(await deadLetters()).toEqual([]);
  const kept = await eventually(async () => {
    const found = await deadLetters();
    expect(found).toHaveLength(1);
    return found;
  });
  expect(kept).toMatchObject([{ consumer, reason: 'INTERNAL', subject: 'kin.evt.task.failed' }]);
  expect(JSON.parse(kept[0]?.['payload'] as string)).toMatchObject({ tasks: [{ job_id: job.jobId }, { error_type: poison }] });
  await eventually(async () => expect((await deliveries()).open).toBe(0));
  const metric = await service.metrics.registry.getSingleMetric('kintsugi_dead_letters_total')?.get();
  expect(metric?.values).toMatchObject([{ labels: { reason: 'INTERNAL' }, value: 1 }]);
  expect(service.faults.length).toBeGreaterThanOrEqual(5);
  await refuse(null);
  const [{ id }] = (await callAction(jobService.bus, 'listRecoveryDeadLetters', {})).items as [DeadLetterView];
  expect(await callAction(jobService.bus, 'replayRecoveryDeadLetter', { id })).toMatchObject({ outcome: 'done' });
  const error_record_id = errorRecordIdOf(job.taskId(1));
  expect(await callAction(jobService.bus, 'getError', { error_record_id })).toMatchObject({ error_type: poison });
});

it('whose commands the broker does not take is tried until it does, and is no dead letter', async () => {
  await refuse(null);
  const manager = await jobService.bus.manager();
  await manager.streams.update(commandStream, { max_msg_size: 10 });
  const { made } = await deliveries();
  const job = newJob();
  await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { error_type: 'smtp.550' })] });
  await eventually(async () => expect((await deliveries()).made).toBeGreaterThanOrEqual(made + 7));
  await manager.streams.update(commandStream, { max_msg_size: -1 });
  await eventually(async () => expect((await deliveries()).open).toBe(0));
  await eventually(async () => expect(await jobService.tasksOf('discardTasks', job.jobId)).toHaveLength(1));
  const error_record_id = errorRecordIdOf(job.taskId(0));
  expect(await callAction(jobService.bus, 'getError', { error_record_id })).toMatchObject({ job_id: job.jobId });
  expect(await deadLetters()).toEqual([]);
});
