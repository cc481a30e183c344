import { subjects } from './subjects.js';

const day = 24 * 3600;
const gibibyte = 1024 ** 3;

/**
 * Every JetStream stream and durable consumer, once. Losing their files loses nothing that was answered with a receipt of
 * ours: MongoDB holds what both carry, but for the commands of producers that the broker alone has receipted.
 */
export const streams = {
  COMMANDS: {
    about: 'Commands by event producers and by recovery-service.',
    subjects: [subjects.allCommands],
    keeps: 'until acknowledged',
    maxAgeSeconds: null,
    maxBytes: gibibyte,
    duplicateWindowSeconds: 120,
  },
  EVENTS: {
    about: 'What happened to jobs and tasks, for the services and for whoever follows.',
    subjects: [subjects.allEvents],
    keeps: 'for a time',
    maxAgeSeconds: 3 * day,
    maxBytes: 4 * gibibyte,
    duplicateWindowSeconds: 120,
  },
} as const satisfies Record<string, StreamDefinition>;

export type StreamName = keyof typeof streams;

export interface StreamDefinition {
  about: string;
  subjects: string[];
  /**
   * Until acknowledged: a queue that refuses what it has no room for, and never drops what it took; no two of its
   * consumers read the same subject. For a time: a log whose oldest messages give way.
   */
  keeps: 'until acknowledged' | 'for a time';
  /** Null: as long as it takes. */
  maxAgeSeconds: number | null;
  maxBytes: number;
  duplicateWindowSeconds: number;
}

export interface ConsumerDefinition {
  about: string;
  stream: StreamName;
  filterSubjects: string[];
  ackWaitSeconds: number;
  maxAckPending: number;
}

/**
 * What a reader that was killed held comes again after this. Short, because nothing else is waited for then; a reader that
 * lives asks for more time three times as often, and knows a copy of what it holds.
 */
const ackWaitSeconds = 2;

/**
 * Durable pull consumers with explicit ack. The broker parks nothing, `max_deliver` is unlimited: each reader counts the
 * unexpected faults of a message itself, and keeps what it gives up, or cannot read, as a dead letter in its database.
 * What is neither acknowledged nor asked for again within `ackWaitSeconds`, such as by a reader that died, comes again.
 */
export const consumers = {
  'job-service-commands': {
    about: 'Carries out createJob and the commands of recovery-service.',
    stream: 'COMMANDS',
    filterSubjects: [subjects.allCommands],
    ackWaitSeconds,
    maxAckPending: 4096,
  },
  'recovery-service-failures': {
    about: 'Turns failures into error records and decisions.',
    stream: 'EVENTS',
    filterSubjects: [subjects.taskEvents, subjects.event('job.cancelled'), subjects.event('job.faulted')],
    ackWaitSeconds,
    maxAckPending: 1024,
  },
  'metrics-service-jobs': {
    about: 'Builds the job history.',
    stream: 'EVENTS',
    filterSubjects: [subjects.jobEvents],
    ackWaitSeconds,
    maxAckPending: 1024,
  },
} as const satisfies Record<string, ConsumerDefinition>;

export type ConsumerName = keyof typeof consumers;
