import { isFinished, type JobStatus, type UpdateBatchJob } from '@kintsugi/contracts';
import type { ExternalState } from '../../jobs/domain/external-state.js';
import type { ExternalJobRecord } from '../../jobs/domain/job.js';
import { jobTransitions, mayMakeMove, type JobMove } from '../../jobs/domain/job-lifecycle.js';
import { eventsOfChange, type ExternalEvent } from './external-events.js';

/** Error types counted one by one, and marks that are kept. */
const errorTypesMax = 200;
const otherErrorTypes = 'other';
const marksMax = 32;
/** A deletion is more than a move; deadlines and times to start are held by those who run tasks: none of them is reported. */
const moves = (Object.keys(jobTransitions) as JobMove[]).filter(
  (move) => !['deleting', 'scheduled'].includes(jobTransitions[move].to) && !['finish_expire', 'give_up', 'skip'].includes(move),
);

/** What is wanted of an external job: what its producer reports, or what a person asks for. */
export interface ExternalRequest {
  /** Where it is to be; left out where only its progress is told. */
  to?: JobStatus | undefined;
  report?: UpdateBatchJob['detailed_status'];
  fault?: UpdateBatchJob['error_details'];
  priority?: number;
  /** Who asks. */
  by: string;
  /** Whether the producer is to be told what somebody else asks for. */
  isAsked: boolean;
  /** The same for a message that comes again. */
  mark?: string | undefined;
}

export interface Moment {
  /** By the time of day, in epoch milliseconds. */
  now: number;
  /** By the clock of heard time. */
  heard: number;
}

export type Planned =
  | { kind: 'change'; next: ExternalJobRecord; move: JobMove | null; events: ExternalEvent[] }
  | { kind: 'nothing' }
  | { kind: 'refused'; allowed: JobStatus[] };

/** What becomes of an external job by a request, with the events that tell of it. */
export function planRequest(job: ExternalJobRecord, request: ExternalRequest, moment: Moment): Planned {
  const { status, external } = job;
  if (request.mark !== undefined && external.marks.includes(request.mark)) return { kind: 'nothing' };
  const to = request.to ?? status;
  const move = to === status ? null : moveBetween(status, to);
  // An end that is told again, such as by a producer that missed the answer.
  if (request.to === status && (isFinished(status) || request.isAsked)) return { kind: 'nothing' };
  if (move === null && (to !== status || isFinished(status))) return { kind: 'refused', allowed: statusesAfter(status) };
  const at = new Date(moment.now).toISOString();
  const next: ExternalJobRecord = { ...job, status: to, external: reported(external, request, at) };
  if (move !== null) applyMove(next, move, at);
  if (request.priority !== undefined) next.priority = request.priority;
  if (request.fault) next.error_types = counted(job.error_types, request.fault.code);
  const isAwaited = !isFinished(to) && to !== 'paused';
  next.external.stall_at = isAwaited ? moment.heard + (job.stalled_after_s ?? 0) * 1000 : null;
  return { kind: 'change', next, move, events: eventsOfChange(job, next, move, request, moment.now) };
}

/** What becomes of a job whose producer has been silent for too long. */
export function planStall(job: ExternalJobRecord, moment: Moment): Planned {
  const to: JobStatus = job.status === 'cancelling' ? 'cancelled' : 'failed';
  const message = `Its producer has not reported for ${job.stalled_after_s} s.`;
  // It is no report of the producer.
  const request: ExternalRequest = { to, by: 'job-service', isAsked: true };
  if (to === 'failed') request.fault = { code: 'job.stalled', message };
  return planRequest(job, request, moment);
}

function reported(external: ExternalState, { report, fault, mark, isAsked }: ExternalRequest, at: string): ExternalState {
  const { current_phase, progress_percentage, active_tasks, error_count } = report ?? {};
  return {
    ...external,
    version: external.version + 1,
    phase: current_phase ?? external.phase,
    // Late or repeated reports do not take it back.
    progress_percentage: Math.max(external.progress_percentage, progress_percentage ?? 0),
    active_tasks: active_tasks ?? external.active_tasks,
    error_count: error_count ?? external.error_count,
    faults: external.faults + (fault ? 1 : 0),
    reported_at: isAsked ? external.reported_at : at,
    marks: mark === undefined ? external.marks : [...external.marks, mark].slice(-marksMax),
  };
}

function applyMove(next: ExternalJobRecord, move: JobMove, at: string): void {
  if (move === 'start') next.started_at ??= at;
  if (move === 'complete') next.external.progress_percentage = 100;
  if (isFinished(next.status)) {
    // One of which its producer has told nothing has never begun.
    if (next.external.reported_at !== null) next.started_at ??= at;
    next.finished_at = at;
  }
  if (move === 'recover') {
    next.finished_at = null;
    next.retries += 1;
    Object.assign(next.external, { phase: null, progress_percentage: 0, active_tasks: 0, retries: next.retries });
  }
}

function counted(errorTypes: Record<string, number>, code: string): Record<string, number> {
  const isKept = Object.hasOwn(errorTypes, code) || Object.keys(errorTypes).length < errorTypesMax;
  const type = isKept ? code : otherErrorTypes;
  return { ...errorTypes, [type]: (errorTypes[type] ?? 0) + 1 };
}

function moveBetween(from: JobStatus, to: JobStatus): JobMove | null {
  return moves.find((move) => mayMakeMove(from, move) && jobTransitions[move].to === to) ?? null;
}

function statusesAfter(status: JobStatus): JobStatus[] {
  const possible = moves.filter((move) => mayMakeMove(status, move));
  return [...new Set(possible.map((move) => jobTransitions[move].to))];
}
