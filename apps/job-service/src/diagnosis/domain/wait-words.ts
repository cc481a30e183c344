import type { JobWait, WaitReason } from '@kintsugi/contracts';
import { noEta, sumOf, type QueuePlace } from './queue-place.js';

/** Names told of many. */
export const namesMax = 3;

/** A wait of which nothing more is known yet. */
export function blank(reason: WaitReason, tasks: number | null): JobWait {
  return { reason, tasks, what: '', holder: null, since: null, ...noEta, do: null };
}

/** How many tasks, and what they do. */
export function counted(tasks: number, one: string, many: string): string {
  return `${tasksWords(tasks)} ${verb(tasks, one, many)}`;
}

export function verb(tasks: number, one: string, many: string): string {
  return tasks === 1 ? one : many;
}

export function tasksWords(tasks: number): string {
  return tasks === 1 ? '1 task' : `${tasks} tasks`;
}

export function workersWords({ workers }: QueuePlace): string {
  const slots = sumOf(workers, 'slots');
  return `${workers.length === 1 ? '1 worker' : `${workers.length} workers`} with ${slots === 1 ? '1 slot' : `${slots} slots`}`;
}

export function workerNames({ workers }: QueuePlace): string | null {
  return namesOf(workers.map(({ id }) => id));
}

export function namesOf(ids: readonly string[]): string | null {
  if (ids.length === 0) return null;
  return ids.slice(0, namesMax).join(', ') + (ids.length > namesMax ? ` and ${ids.length - namesMax} more` : '');
}
