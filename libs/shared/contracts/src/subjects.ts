import type { EventName } from './event/event-catalogue.js';
import { ProblemError, shown } from './problem/problem.js';

const commandPrefix = 'kin.cmd';
const requestPrefix = 'kin.req';

/** Every NATS subject, once. An id is never part of an event's or a command's subject. */
export const subjects = {
  /** Request/reply: one subject an action, `kin.req.<service>.<action>`. */
  request: (service: ServiceToken, action: string) => subjectOf(requestPrefix, service, action),
  /** The same request, to the process of one host: `kin.req.<service>.<host>.<action>`. */
  atHost: (request: string, host: string) => subjectOf(requestPrefix, request.split('.')[2] ?? '', host, actionOf(request)),
  /** Durable commands: `kin.cmd.<action>`, kept in the stream COMMANDS. */
  command: (action: string) => subjectOf(commandPrefix, action),
  allCommands: `${commandPrefix}.>`,
  /** Facts: `kin.evt.<aggregate>.<past participle>`, kept in the stream EVENTS. */
  event: (name: EventName) => `kin.evt.${name}`,
  allEvents: 'kin.evt.>',
  jobEvents: 'kin.evt.job.>',
  taskEvents: 'kin.evt.task.>',
  /** From job-service to one worker. */
  work: (workerId: string) => subjectOf('kin.work', workerId),
  control: (workerId: string) => subjectOf('kin.control', workerId),
  /** From workers to job-service. */
  outcomes: 'kin.worker.outcomes',
  beats: 'kin.worker.beats',
  inventories: 'kin.worker.inventories',
  /** From workers to metrics-service: lines of logs. */
  taskLogs: 'kin.logs.lines',
  /** From metrics-service: logs that have new lines. */
  storedLogs: 'kin.logs.stored',
  /** From workers to metrics-service: what they and their jobs use. */
  samples: 'kin.worker.samples',
  /** Asks every worker for its inventory at once. */
  rollCall: 'kin.worker.roll-call',
  /** Asks every process for its Prometheus metrics. */
  metrics: 'kin.fleet.metrics',
  /** Asks every service whether it is ready. */
  health: 'kin.fleet.health',
  /** Asks those that answer a request who they are; the broker tells when none of them is left. */
  presence: (request: string) => `kin.fleet.here.${request.split('.').slice(2, -1).join('.')}`,
  /** Asks whoever has a name of a host of pools, or wants it; whoever has it also says so there. */
  poolHost: (host: string) => subjectOf('kin.fleet.pool-host', host),
  /** From agents of pools: which host they have, and what is there. */
  poolHosts: 'kin.fleet.pool-hosts',
  /** From recovery-service to all of its replicas: a host that is gone for good. */
  poolHostForgotten: 'kin.fleet.pool-host-forgotten',
  /** From recovery-service to all of its replicas: something has come in, after which there may be timers to keep. */
  recoveryMoved: 'kin.fleet.recovery-moved',
  /** Asks every agent of pools for that at once. */
  poolRollCall: 'kin.fleet.pool-roll-call',
} as const;

export type ServiceToken = 'job' | 'recovery' | 'metrics' | 'pool';

/** The command that a subject of `allCommands` names, whether or not there is one of that name. */
export function commandOf(subject: string): string {
  return subject.slice(commandPrefix.length + 1);
}

/** The action that a subject of a request names, whether or not there is one of that name. */
export function actionOf(subject: string): string {
  return subject.slice(subject.lastIndexOf('.') + 1);
}

const tokenPattern = /^[A-Za-z0-9_-]+$/;

/** A subject of tokens. A token that would make it another subject, or none, is refused here, before the client library throws it at whoever publishes. */
function subjectOf(prefix: string, ...tokens: string[]): string {
  const bad = tokens.find((token) => !tokenPattern.test(token));
  if (bad === undefined) return `${prefix}.${tokens.join('.')}`;
  throw new ProblemError('VALIDATION_FAILED', `No subject under ${prefix} can be made of ${shown(bad)}.`, {
    errors: [{ path: 'subject', rule: 'FORMAT', got: shown(bad), allowed: 'letters, digits, _ and -' }],
  });
}

/** The header in which the sender of a durable command may name the subject that gets the answer. */
export const REPLY_TO_HEADER = 'Kin-Reply-To';

/** Subjects that are no one's to answer on: those of the platform, and the broker's own. */
const reservedSubject = /^(?:kin(?:\.|$)|\$)/;

const subjectLengthMax = 255;

/** Whether an answer may be published on a subject that a sender named: one that is a subject, and neither ours nor the broker's. */
export function isReplySubject(subject: string): boolean {
  if (subject.length > subjectLengthMax || reservedSubject.test(subject)) return false;
  return subject.split('.').every((token) => /^[^\s\p{Cc}*>]+$/u.test(token));
}

export const REQUEST_ID_HEADER = 'Kin-Request-Id';
