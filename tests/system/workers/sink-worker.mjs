import { NonRetryable, createWorker } from '@kintsugi/worker-sdk';

/** A worker whose tasks take effect at a receiver outside the platform, which knows them by their run key. */
const sink = process.env['TEST_SINK_URL'];
const worker = createWorker({ handleSignals: true });

async function deliver({ task, attempt, run_key, signal }) {
  const response = await fetch(sink, {
    method: 'POST',
    signal,
    body: JSON.stringify({ run_key, attempt, pid: process.pid, task_id: task.id, payload: task.payload }),
  });
  const { wait_ms: waitMs = 0, fail, fatal, kill } = await response.json();
  if (kill) process.kill(process.pid, 'SIGKILL');
  if (waitMs > 0) await pause(waitMs, signal);
  if (fatal) throw new NonRetryable(fatal, { error_type: 'test.fatal' });
  if (fail) throw Object.assign(new Error(fail), { code: 'ECONNRESET' });
  return { attempt };
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

worker.handle('test.deliver', deliver);
worker.handle('test.noop', () => undefined);
worker.handle('test.gather', async (context) => {
  await deliver(context);
  const parents = await Array.fromAsync(context.parents());
  return parents.map(({ key, state, result }) => ({ key, state, result }));
});
worker.handle('test.steps', async ({ task, attempt, run_key, signal, step }) => {
  const deliverAs = async (name) => {
    const payload = { ...task.payload, step: name };
    return { ...(await deliver({ task: { ...task, payload }, attempt, run_key, signal })), payload };
  };
  return [await step('first', () => deliverAs('first')), await step('last', () => deliverAs('last'))];
});
worker.handle('test.echo', ({ task, log }) => {
  if (task.payload.says) log(task.payload.says);
  if (task.payload.fatal) throw new NonRetryable(task.payload.fatal, { error_type: 'test.fatal' });
  return JSON.parse(task.payload.text);
});
worker.handle('test.block', async (context) => {
  await deliver(context);
  const until = Date.now() + context.task.payload.block_ms;
  while (Date.now() < until);
});
worker.plan('test.deliver', async function* ({ job }) {
  for (let index = 0; index < Number(job.labels.tasks ?? 10); index += 1) yield { id: `planned-${index}`, payload: { index } };
});
await worker.start();
