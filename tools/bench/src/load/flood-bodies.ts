const mebibyte = 1024 ** 2;
/** The largest body that a gateway and a NATS server take by default, with room for what goes with it. */
const bodyBytes = 7.9 * mebibyte;
const taskBytes = 250 * 1024;
/** As large as any request but createJob may be. */
const requestBytes = 0.9 * mebibyte;
const inlineTasksMax = 10_000;
/** With the levels of the body around them, as deep as JSON may be. */
const levels = 27;

/** JSON of a job that is as hard to read as a job of its size may be, or that is none. */
export interface FloodBody {
  name: string;
  /** The data of createJob. */
  job: string;
}

const head = '"product_id":"flood","sending_group_id":"flood","type":"nobody.runs.this"';

/** The worst bodies within every limit, and some that are beyond one. */
export function floodBodies(): FloodBody[] {
  return [
    { name: 'ten thousand tasks', job: jobOf(itemsOf(`{"payload":"${'x'.repeat(800)}"}`, bodyBytes, inlineTasksMax)) },
    ...floodTasks().map(({ name, task }) => ({ name, job: jobOf(itemsOf(task, bodyBytes)) })),
    { name: 'tasks that wait for ten others each', job: jobOf(dependentTasks()) },
    { name: 'brackets', job: '['.repeat(bodyBytes) },
    { name: 'a field of many numbers', job: `{"labels":[${itemsOf('1', bodyBytes)}]}` },
    { name: 'many fields', job: `{${keysOf(bodyBytes)}}` },
  ];
}

/** What uploads bring: a job's first line, and the same tasks as lines. */
export function floodUploads(): string[] {
  const first = `{"action":"createJob","data":{${head}}}\n`;
  return floodTasks().map(({ task }) => `${first}${`${task}\n`.repeat(bodyBytes / task.length)}`);
}

/** Actions that are asked for over NATS with as much as a request may have. */
export function floodRequests(): { service: 'job' | 'recovery' | 'metrics'; action: string; body: string }[] {
  const small = `{${head},"tasks":[{"payload":{}}]}`;
  return [
    { service: 'job', action: 'createJobs', body: `{"jobs":[${itemsOf(small, requestBytes, 1_000)}]}` },
    { service: 'job', action: 'rerunPartial', body: `{"job_id":[${itemsOf('{}', requestBytes)}]}` },
    { service: 'recovery', action: 'configureRetry', body: `{"config":{${keysOf(requestBytes)}}}` },
    { service: 'metrics', action: 'listJobs', body: `{"labels":[${itemsOf('1', requestBytes)}]}` },
  ];
}

function floodTasks(): { name: string; task: string }[] {
  const nested = `${'['.repeat(levels)}${']'.repeat(levels)}`;
  return [
    { name: 'tasks of many objects', task: `{"payload":[${itemsOf('{}', taskBytes)}]}` },
    { name: 'tasks of many keys', task: `{"payload":{${keysOf(taskBytes)}}}` },
    { name: 'tasks of deep lists', task: `{"payload":[${itemsOf(nested, taskBytes)}]}` },
    { name: 'tasks of long numbers', task: `{"payload":[${itemsOf('1.7976931348623157e+300', taskBytes)}]}` },
    { name: 'tasks of escaped text', task: `{"payload":"${'\\u00e9'.repeat(taskBytes / 6)}"}` },
  ];
}

function dependentTasks(): string {
  const waitsFor = (number: number): string =>
    Array.from({ length: Math.min(10, number) }, (_, back) => `"t${number - back - 1}"`).join(',');
  return Array.from(
    { length: inlineTasksMax },
    (_, number) => `{"id":"t${number}","depends_on":[${waitsFor(number)}],"payload":"${'x'.repeat(500)}"}`,
  ).join(',');
}

function jobOf(tasks: string): string {
  return `{${head},"tasks":[${tasks}]}`;
}

function itemsOf(item: string, bytes: number, max = Infinity): string {
  return Array.from({ length: Math.min(max, Math.floor(bytes / (item.length + 1))) }, () => item).join(',');
}

function keysOf(bytes: number): string {
  const keys: string[] = [];
  for (let length = 0; length < bytes; length += (keys.at(-1)?.length ?? 0) + 1) keys.push(`"${keys.length.toString(36)}":1`);
  return keys.slice(0, -1).join(',');
}
