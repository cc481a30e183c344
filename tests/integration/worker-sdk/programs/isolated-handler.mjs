// A handler that does what its task says, in a process of its own.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const held = [];

const deeds = {
  greet: async ({ task, attempt, run_key, phase, progress, log, output, mask, step, submit, parents, resource_limits }) => {
    phase('greeting');
    progress(0.5);
    mask('s3cret!!');
    log('the word is s3cret!!', 'warn');
    output('stdout', 'printed\n');
    const reserved = await step('reserve', () => ({ reserved: true }));
    const again = await step('reserve').catch((error) => ({ type: error.details?.error_type, name: error.name }));
    const type = {
      type: 'isolated.child',
      payload: {
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: (value) => (value?.ok ? { value } : { issues: [{ message: 'not ok' }] }),
        },
      },
    };
    const refused = await submit({ ...task.payload.child, type, tasks: [{ payload: { ok: false } }] }).catch(
      (error) => error.message,
    );
    const { job_id: child } = await submit({ ...task.payload.child, type, tasks: [{ payload: { ok: true } }] });
    const seen = [];
    for await (const parent of parents()) seen.push(parent.id);
    return { pid: process.pid, attempt, run_key, reserved, again, refused, child, seen, resource_limits };
  },
  exit: ({ task }) => process.exit(task.payload.code),
  throw: () => {
    throw Object.assign(new Error('the line was cut', { cause: new TypeError('inner') }), { code: 'ECONNRESET', own: 7 });
  },
  tellMuch: ({ progress, phase, mask, task }) => {
    const { send } = process;
    let sent = 0;
    process.send = (...args) => {
      sent += 1;
      return send.apply(process, args);
    };
    for (let time = 1; time <= task.payload.times; time += 1) {
      progress(time / task.payload.times);
      phase(`time ${time}`);
      mask('s3cret!!');
    }
    process.send = send;
    return { sent };
  },
  tooLong: async ({ log, task }) => {
    log('x'.repeat(task.payload.size));
    return process.pid;
  },
  trace: ({ traceparent }) => ({ traceparent }),
  submitPlain: async ({ submit, task }) => {
    const tasks = [1, 2, 3].map(() => ({ payload: { ok: 'x'.repeat(task.payload.size) } }));
    return (await submit({ ...task.payload.child, type: 'isolated.child', tasks })).job_id;
  },
  keep: async ({ task }) => {
    const grown = `const held = Buffer.alloc(${task.payload.mib} * 1024 * 1024, 1); process.send(1); setInterval(() => held, 1e6);`;
    const child = spawn(process.execPath, ['-e', grown], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    await new Promise((resolve) => child.once('message', resolve));
    return process.pid;
  },
  never: ({ task }) => {
    const circle = {};
    circle.circle = circle;
    const result = task.payload.size ? 'x'.repeat(task.payload.size) : circle;
    const details = { error_type: 'isolated.never', non_retryable: true, result };
    throw Object.assign(new Error('it never will'), { details, [Symbol.for('kintsugi.task-error')]: true });
  },
  uncaught: () => {
    setImmediate(() => {
      throw new RangeError('nobody catches this');
    });
    return new Promise(() => undefined);
  },
  signal: () => process.kill(process.pid, 'SIGSEGV'),
  pid: () => process.pid,
  wait: async ({ signal, task }) => {
    writeFileSync(task.payload.file, String(process.pid));
    await delay(600_000, undefined, { signal });
  },
  block: ({ task }) => {
    const { pid } = spawn('sleep', ['600'], { stdio: 'ignore' });
    process.on('SIGTERM', () => undefined);
    writeFileSync(task.payload.file, `${process.pid} ${pid}`);
    const clock = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(`${task.payload.file}.go`)) Atomics.wait(clock, 0, 0, 10);
  },
  grow: async () => {
    for (;;) {
      held.push(Buffer.alloc(8 * 1024 * 1024, 1));
      await delay(5);
    }
  },
  burn: () => {
    for (;;) Math.random();
  },
  circle: () => {
    const circle = {};
    circle.circle = circle;
    return circle;
  },
};

export default (context) => deeds[context.task.payload.do](context);
