import {
  ProblemError,
  commands,
  decodeUtf8,
  eventCatalogue,
  eventNameOf,
  parseJson,
  readEventHeaders,
  validate,
  type EventName,
} from '@kintsugi/contracts';
import type { TaskEvent } from '../domain/task-events.js';

/** What of a message is read. */
export interface EventMessage {
  data: Uint8Array;
  headers?: { get(name: string): string } | undefined;
}

export type ReadTaskEvents = { taskEvents: TaskEvent[] } | { unreadable: unknown };

/** The taskEvents that an event's message carries, or why it cannot be read. An event of no concern carries none. */
export function readTaskEvents(message: EventMessage): ReadTaskEvents {
  const attributes = readEventHeaders((name) => message.headers?.get(name) ?? '');
  if (!attributes) return { unreadable: foreign('The message is not a CloudEvent 1.0.') };
  const name = eventNameOf(attributes.type);
  if (!name) return { unreadable: foreign(`This version does not know events of type ${attributes.type.slice(0, 100)}.`) };
  try {
    return { taskEvents: taskEventsOf(name, parseJson(decodeUtf8(message.data, 'The event'), 'data')) };
  } catch (error) {
    return { unreadable: error };
  }
}

function foreign(detail: string): ProblemError {
  return new ProblemError('VALIDATION_FAILED', detail);
}

/** How a command names a task: an event whose tasks cannot be named so would spoil the commands of all others. */
const addresses = commands.retryTasks.data.shape.tasks.element;

function addressed<Task extends { task_id: string; attempt: number }>(tasks: Task[]): Task[] {
  tasks.forEach(({ task_id, attempt }, index) => validate(addresses, { task_id, attempt }, `data.tasks[${index}]`));
  return tasks;
}

function taskEventsOf(name: EventName, data: unknown): TaskEvent[] {
  switch (name) {
    case 'task.failed':
    case 'task.lost':
      return addressed(validate(eventCatalogue[name].data, data, 'data').tasks).map((failure) => ({ kind: 'failure', failure }));
    case 'task.recovered':
      return addressed(validate(eventCatalogue[name].data, data, 'data').tasks).map((recovery) => ({
        kind: 'recovery',
        recovery,
      }));
    case 'job.faulted':
      return [{ kind: 'faults', faults: validate(eventCatalogue[name].data, data, 'data').jobs }];
    case 'job.cancelled':
      return [
        { kind: 'cancellation', jobIds: validate(eventCatalogue[name].data, data, 'data').jobs.map(({ job_id }) => job_id) },
      ];
    default:
      return [];
  }
}
