import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createJobSchema, problemCatalogue } from '@kintsugi/contracts';
import { GatewayUnderTest, jobId, type Reply } from './gateway-under-test.js';

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
  under.answer('createJob', (data) => ({
    job_id: jobId,
    status: 'pending',
    total_tasks: data.tasks?.length ?? null,
    replayed: false,
  }));
  under.answer('stageTasks', ({ count }) => ({ staged: count }));
  under.answer('commitUpload', ({ job_id, total_tasks }) => ({ job_id, status: 'pending', total_tasks, replayed: false }));
  under.answer('abandonUpload', () => ({ staged: 0 }));
});

afterAll(() => under.stop());

const runs = { numRuns: 300, endOnFailure: true };
const text = fc.string({ unit: 'binary', maxLength: 20 });
const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 0, 1.5, 1e309, 2 ** 53, '', null, [], {}, { $ne: 1 }, ['x'], true));
const task = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ id: fc.string({ minLength: 1, maxLength: 5 }), payload: fc.jsonValue() }, { requiredKeys: [] }),
  },
  { weight: 1, arbitrary: anything },
);
const fields: Record<string, fc.Arbitrary<unknown>> = {
  product_id: text,
  sending_group_id: text,
  user_id: text,
  type: fc.constantFrom('smtp.send', 'a', '', '1', 'ä'),
  priority: fc.integer({ min: -1, max: 11 }),
  max_parallel_tasks: fc.integer({ min: -1, max: 200_000 }),
  retry_config: fc.record({
    max_attempts: fc.integer({ min: 0, max: 101 }),
    retry_interval: fc.nat(),
    retry_on_errors: fc.array(text),
  }),
  resource_limits: fc.record({ max_memory: fc.float(), max_cpu: fc.float() }),
  safety: fc.constantFrom('idempotent', 'keyed', 'unsafe', 'other'),
  labels: fc.dictionary(fc.string({ maxLength: 5 }), text),
  idempotency_key: text,
  tasks: fc.array(task, { maxLength: 6 }),
};
/** Mostly well-formed jobs, each field now and then of another kind, missing, or beside one that is not known. */
const job = fc.record(
  {
    ...Object.fromEntries(
      Object.entries(fields).map(([name, good]) => [
        name,
        fc.oneof({ weight: 8, arbitrary: good }, { weight: 1, arbitrary: anything }),
      ]),
    ),
    stray: anything,
  },
  { requiredKeys: ['product_id', 'sending_group_id'] as never[] },
);

/** An answer that a client can work with: a receipt, or a problem of the catalogue that is the caller's to solve. */
function expectClear(reply: Reply, sent: string): void {
  if (reply.status === 201) return;
  const { code, status, detail, request_id } = reply.problem;
  expect({ sent, status: reply.status }).toEqual({ sent, status: problemCatalogue[code].status });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(detail.length).toBeLessThan(1_000);
  expect(request_id).toBe(reply.headers.get('x-request-id'));
}

it('whatever a job looks like, the answer is clear, and only what keeps to the contract is accepted', async () => {
  await fc.assert(
    fc.asyncProperty(job, async (data) => {
      const sent = JSON.stringify({ action: 'createJob', data });
      const reply = await under.post('/job-operations', sent);
      expectClear(reply, sent);
      const { success } = createJobSchema.safeParse((JSON.parse(sent) as { data: unknown }).data);
      // Beyond the contract, an id must not come twice.
      if (reply.problem?.code !== 'TASK_ID_DUPLICATE') {
        expect({ sent, status: reply.status === 201 }).toEqual({ sent, status: success });
      }
    }),
    runs,
  );
});

it('whatever bytes come as a body, the answer is clear', async () => {
  const good = Buffer.from(
    '{"action":"createJob","data":{"product_id":"p","sending_group_id":"g","tasks":[{"id":"a","payload":{"x":[1,null]}}]}}',
  );
  const mutated = fc
    .tuple(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }), fc.nat(good.length), fc.nat(good.length))
    .map(([flips, cut, splice]) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of flips) bytes[at] = value;
      return Buffer.concat([bytes.subarray(0, cut), good.subarray(splice)]);
    });
  await fc.assert(
    fc.asyncProperty(mutated, fc.constantFrom('application/json', 'application/x-ndjson'), async (bytes, type) => {
      expectClear(await under.post('/job-operations', bytes, { 'content-type': type }), bytes.toString());
    }),
    runs,
  );
});

it('whatever an upload looks like, the answer is clear, and it has the tasks that were sent', async () => {
  const line = fc.oneof(
    { weight: 8, arbitrary: task.map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: fc.string({ maxLength: 10 }) },
    { weight: 2, arbitrary: fc.constantFrom('', ' ', '\t\r') },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), async (lines, lineEnd) => {
      const head = '{"action":"createJob","data":{"product_id":"p","sending_group_id":"g"}}';
      const sent = [head, ...lines].join(lineEnd);
      const reply = await under.upload(sent);
      expectClear(reply, sent);
      const given = lines.flatMap((text) => text.split(/\r?\n/)).filter((text) => text.trim() !== '');
      if (reply.status === 201) expect(reply.body).toMatchObject({ total_tasks: given.length });
    }),
    runs,
  );
});
