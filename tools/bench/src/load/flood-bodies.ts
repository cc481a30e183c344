const mebibyte = 1024 ** 2;
/** The largest body that a gateway and a NATS server take by default, with room for what goes with it. */
const bodyBytes = 7.9 * mebibyte;
const taskBytes = 250 * 1024;

/** JSON of a job that is as hard to read as a job of its size may be, or that is none. */
export interface FloodBody {
  name: string;
  /** The data of createJob. */
  job: string;
}

/** The worst bodies within every limit, and some that are beyond one. */
export function floodBodies(): FloodBody[] {
  return [
    { name: 'ten thousand tasks', job: jobOf(itemsOf(`{"payload":"${'x'.repeat(800)}"}`, bodyBytes, 10_000)) },
    { name: 'tasks of many objects', job: jobOf(itemsOf(`{"payload":[${itemsOf('{}', taskBytes)}]}`, bodyBytes)) },
    { name: 'tasks of many keys', job: jobOf(itemsOf(`{"payload":{${keysOf(taskBytes)}}}`, bodyBytes)) },
    { name: 'brackets', job: '['.repeat(bodyBytes) },
    { name: 'a field of many numbers', job: `{"labels":[${itemsOf('1', bodyBytes)}]}` },
  ];
}

function jobOf(tasks: string): string {
  return `{"product_id":"flood","sending_group_id":"flood","type":"nobody.runs.this","tasks":[${tasks}]}`;
}

function itemsOf(item: string, bytes: number, max = Infinity): string {
  return Array.from({ length: Math.min(max, Math.floor(bytes / (item.length + 1))) }, () => item).join(',');
}

function keysOf(bytes: number): string {
  const key = (number: number): string => `"${number.toString(36)}":1`;
  const keys: string[] = [];
  for (let length = 0; length < bytes; length += (keys.at(-1)?.length ?? 0) + 1) keys.push(key(keys.length));
  return keys.slice(0, -1).join(',');
}
