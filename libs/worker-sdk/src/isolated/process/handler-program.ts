/**
 * What the process of a handler runs, as text: a file of its own would be lost by a bundler, and the text of a function changed by a
 * minifier. It is told the module and the worker's pid, loads the module, and then runs one task at a time. All that a handler asks its
 * context for is asked of the worker, where it has the bounds that it has for any other handler.
 */
export const handlerProgram = String.raw`
'use strict';
const { Worker: Thread } = require('node:worker_threads');
const [, moduleUrl, workerPid] = process.argv;
process.title = 'kintsugi handler ' + moduleUrl.slice(moduleUrl.lastIndexOf('/') + 1);
const textMax = 16 * 1024 * 1024;
const pieceMax = 1024 * 1024;
const unsentMax = 4 * 1024 * 1024;
const marker = Symbol.for('kintsugi.task-error');

// From a thread, which a handler that blocks does not hold up: whoever has lost its worker ends with all that it has started.
// Without an environment, where NODE_OPTIONS would have it load what the process has preloaded, for which it has no room.
new Thread(
  'const { workerData: worker } = require("node:worker_threads");' +
  'setInterval(() => { if (process.ppid !== worker) process.kill(-process.pid, "SIGKILL"); }, 200);',
  {
    ...{ eval: true, execArgv: [], env: {}, workerData: Number(workerPid) },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
  },
)
  .on('error', () => {
    setInterval(() => void (process.ppid !== Number(workerPid) && process.kill(-process.pid, 'SIGKILL')), 200).unref();
  })
  .unref();
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));

let run = null;
let calls = 0;
const answers = new Map();
const works = new Map();

/** @param of the run that tells it: what a handler tells after its end is not taken for a word of the next one */
const send = (of, message, sent) => {
  if (process.connected) process.send({ kintsugi: true, run: of, ...message }, sent);
};

function errorOf(error, depth = 0) {
  if (typeof error !== 'object' || error === null || typeof error.message !== 'string') return { thrown: plain(error) ?? String(error) };
  const told = { name: String(error.name), message: error.message.slice(0, pieceMax), stack: String(error.stack).slice(0, pieceMax), own: {} };
  const isTaskError = marker in error;
  const apart = ['cause', 'errors', ...(isTaskError ? ['details'] : [])];
  for (const key of Object.keys(error).slice(0, 50)) {
    const value = apart.includes(key) ? undefined : plain(error[key]);
    if (value !== undefined) told.own[key] = value;
  }
  if (isTaskError) told.details = detailsOf(error.details ?? {});
  if (depth < 8 && error.cause !== undefined) told.cause = errorOf(error.cause, depth + 1);
  if (depth < 8 && Array.isArray(error.errors)) told.errors = error.errors.slice(0, 10).map((inner) => errorOf(inner, depth + 1));
  return told;
}

function told(error) {
  try {
    return errorOf(error);
  } catch (fault) {
    return { thrown: 'What was thrown cannot be read: ' + String(fault) };
  }
}

// Each by itself: what follows from a failure must not hang on whether its result can be told.
function detailsOf({ result, ...words }) {
  const details = result === undefined ? {} : { result: asText(result) };
  for (const key of Object.keys(words).slice(0, 50)) {
    const value = plain(words[key]);
    if (value !== undefined) details[key] = value;
  }
  return details;
}

function revivedDetails({ result, ...words }) {
  if (result === undefined) return words;
  if (result.unjson === undefined) return { ...words, result: result.text && JSON.parse(result.text) };
  const toJSON = () => {
    throw new TypeError(result.unjson);
  };
  return { ...words, result: { toJSON } };
}

function plain(value) {
  try {
    const text = JSON.stringify(value);
    return text !== undefined && text.length <= 256 * 1024 ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function asText(value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    return { unjson: String(error) };
  }
  return text !== undefined && text.length > textMax ? { bytes: Buffer.byteLength(text) } : { text };
}

function tell(of, name, ...args) {
  send(of, { tell: name, args });
}

// A handler that blocks may tell more than could ever be sent: of each kind one is under way, and only the last one follows it.
function tellLast(own, name, value) {
  own.last.set(name, value);
  if (!own.underWay.has(name)) sendLast(own, name);
}

function sendLast(own, name) {
  if (!own.last.has(name)) return;
  const value = own.last.get(name);
  own.last.delete(name);
  own.underWay.add(name);
  send(own.number, { tell: name, args: [value] }, () => {
    own.underWay.delete(name);
    sendLast(own, name);
  });
}

function mask(own, secret) {
  if (typeof secret !== 'string' || own.masked.has(secret)) return;
  own.masked.add(secret);
  tell(own.number, 'mask', secret);
}

function write(own, name, size, ...args) {
  if (size > pieceMax || own.unsent + size > unsentMax) {
    own.left += 1;
    return;
  }
  tellLeft(own);
  own.unsent += size;
  send(own.number, { tell: name, args }, () => void (own.unsent -= size));
}

function tellLeft(own) {
  if (own.left === 0) return;
  const lost = own.left;
  own.left = 0;
  tell(own.number, 'log', '… ' + lost + ' lines are missing here: they came faster than logs are taken, or were longer.', 'warn');
}

function finish(own, message) {
  for (const [name, value] of own.last) tell(own.number, name, value);
  own.last.clear();
  tellLeft(own);
  send(own.number, message);
}

function call(of, name, ...args) {
  calls += 1;
  const id = calls;
  return new Promise((resolve, reject) => {
    answers.set(id, { resolve, reject });
    send(of, { call: id, name, args });
  });
}

async function withWork(of, work, name, ...args) {
  calls += 1;
  const id = calls;
  works.set(id, work);
  try {
    return await call(of, name, id, ...args);
  } finally {
    works.delete(id);
  }
}

async function* parents(of) {
  const reading = await call(of, 'parents');
  for (;;) {
    const { items, isLast } = await call(of, 'moreParents', reading);
    yield* items;
    if (isLast) return;
  }
}

async function submit(of, job, options) {
  const { type } = job;
  if (typeof type !== 'object' || type === null) return call(of, 'submit', 0, JSON.parse(JSON.stringify(job)), plain(options));
  const check = async (payload) => {
    const { issues } = await type.payload['~standard'].validate(payload);
    return issues && issues.map(({ message, path = [] }) => ({ message, path: path.map((part) => (typeof part === 'object' ? part.key : part)) }));
  };
  return withWork(of, check, 'submit', JSON.parse(JSON.stringify({ ...job, type: type.type })), plain(options));
}

function contextOf({ task, attempt, resource_limits, run_key, traceparent }, own) {
  const of = own.number;
  return {
    ...{ task, attempt, resource_limits, run_key, traceparent, signal: own.controller.signal },
    log: (line, level) => write(own, 'log', String(line).length, String(line), plain(level)),
    output: (stream, bytes) => {
      const all = Buffer.from(bytes);
      for (let from = 0; from < all.length; from += pieceMax / 2) {
        const piece = all.subarray(from, from + pieceMax / 2);
        write(own, 'output', piece.length, stream, piece);
      }
    },
    mask: (secret) => mask(own, secret),
    progress: (share) => void (typeof share === 'number' && tellLast(own, 'progress', share)),
    phase: (name) => tellLast(own, 'phase', String(name).slice(0, 1_000)),
    usage: (used) => tellLast(own, 'usage', plain(used)),
    step: (name, work) => withWork(of, work, 'step', name),
    parents: () => parents(of),
    submit: (job, options) => submit(of, job, options),
  };
}

const loading = import(moduleUrl).then(({ default: found }) => {
  const handler = typeof found === 'object' && found !== null && 'default' in found ? found.default : found;
  if (typeof handler === 'function') return handler;
  throw new TypeError(moduleUrl + ' has no handler: its default export must be a function.');
});
loading.catch(() => undefined);

async function begin(order) {
  const own = { number: order.run, controller: new AbortController(), unsent: 0, left: 0 };
  Object.assign(own, { last: new Map(), underWay: new Set(), masked: new Set() });
  run = own;
  let handler;
  try {
    handler = await loading;
  } catch (error) {
    return send(order.run, { unready: told(error) });
  }
  send(order.run, { begun: true });
  try {
    const result = await handler(contextOf(order, own));
    finish(own, { done: asText(result) });
  } catch (error) {
    finish(own, { failed: told(error) });
  }
}

async function doWork({ run: of, work, value }) {
  try {
    send(of, { worked: work, result: asText(await works.get(work)(value)) });
  } catch (error) {
    send(of, { worked: work, error: told(error) });
  }
}

function revived({ name, message, stack, own, details, cause, thrown }) {
  if (thrown !== undefined) return thrown;
  const error = Object.assign(new Error(message, cause === undefined ? {} : { cause: revived(cause) }), own);
  error.stack = stack;
  error.name = name;
  if (details) Object.assign(error, { details: revivedDetails(details), [marker]: true });
  return error;
}

process.on('message', (message) => {
  if (!message || message.kintsugi !== true) return;
  if (message.order) return void begin(message.order);
  if (!run || message.run !== run.number) return;
  if (message.abort !== undefined) run.controller.abort(new Error(message.abort));
  else if (message.work !== undefined) void doWork(message);
  else if (message.answer !== undefined) {
    const asked = answers.get(message.answer);
    answers.delete(message.answer);
    if (message.error) asked?.reject(revived(message.error));
    else asked?.resolve(message.value);
  }
});
process.on('uncaughtExceptionMonitor', (error) => send(run && run.number, { fault: told(error) }));
`;
