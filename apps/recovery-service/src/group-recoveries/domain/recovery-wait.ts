import {
  isAtLeast,
  isFinished,
  type Actor,
  type JobStatus,
  type RecoveryCondition,
  type RecoveryWait,
  type Role,
} from '@kintsugi/contracts';

/** Who has approved a recovery. */
export interface Approval {
  by: string;
  role: Role;
  at: string;
}

/** What a condition is judged by. */
export interface WaitFacts {
  now: number;
  approvals: readonly Approval[];
  /** Whether a task has failed so within the time that is to be quiet. */
  hasFailed: boolean;
  /** How the job stands that is waited for; null where there is none any more. */
  jobStatus: JobStatus | null;
  /** Whether the condition held when it was looked at last. */
  held: boolean;
}

/** How a condition stands; one that can never hold any more ends the recovery. */
export interface WaitLook extends RecoveryWait {
  isLost: boolean;
}

const minutesOfDay = 24 * 60;

export function lookAt(condition: RecoveryCondition, facts: WaitFacts): WaitLook {
  return { condition, isLost: false, ...lookOf(condition, facts) };
}

function lookOf(condition: RecoveryCondition, facts: WaitFacts): Omit<WaitLook, 'condition' | 'isLost'> & { isLost?: boolean } {
  switch (condition.kind) {
    case 'dependency': {
      const what = `${condition.error_type} within ${condition.quiet_seconds} s`;
      return facts.hasFailed
        ? { holds: false, about: `a task has failed by ${what}` }
        : { holds: true, about: `no task has failed by ${what}` };
    }
    case 'window': {
      const { from, to, time_zone: zone } = condition;
      const holds = isWithin(minuteAt(facts.now, zone), minuteOf(from), minuteOf(to));
      return { holds, about: `${holds ? 'it is' : 'it is not'} between ${from} and ${to} in ${zone}` };
    }
    case 'job':
      return lookAtJob(condition, facts);
    case 'approval': {
      const approval = facts.approvals.find(({ role }) => mayApprove(role, condition.role));
      const holds = approval !== undefined;
      return {
        holds,
        about: holds ? `approved by ${approval.by} at ${approval.at}` : `nobody with the role ${condition.role} has approved it`,
      };
    }
  }
}

function lookAtJob(
  { job_id: id, status: wanted }: Extract<RecoveryCondition, { kind: 'job' }>,
  { jobStatus: status, held }: WaitFacts,
): { holds: boolean; about: string; isLost: boolean } {
  // A job that is done may be removed while the others are waited for.
  if (status === null && held) return { holds: true, about: `${id} was done, and is not there any more`, isLost: false };
  if (status === null) return { holds: false, about: `${id} is not there any more`, isLost: true };
  const hasEnded = isFinished(status);
  const holds = hasEnded && (wanted === 'ended' || status === 'completed');
  return { holds, about: `${id} is ${status}`, isLost: hasEnded && !holds };
}

export function jobsAwaitedBy(conditions: readonly RecoveryCondition[] = []): string[] {
  return conditions.flatMap((condition) => (condition.kind === 'job' ? [condition.job_id] : []));
}

/** What is waited for, for people. */
export function wordsOf(condition: RecoveryCondition): string {
  switch (condition.kind) {
    case 'dependency':
      return `${condition.quiet_seconds} s without a failure by ${condition.error_type}`;
    case 'window':
      return `the time from ${condition.from} to ${condition.to} in ${condition.time_zone}`;
    case 'job':
      return `${condition.job_id} to be ${condition.status}`;
    case 'approval':
      return `an approval by the role ${condition.role}`;
  }
}

export function mayApprove(role: Role, needed: Role): boolean {
  return isAtLeast(role, needed);
}

/** Whether it is the one who has asked for the recovery; whoever has no key is told from nobody. */
export function isSamePerson(one: Actor, other: Actor): boolean {
  return one.key !== null && one.key === other.key;
}

/** Behind midnight where the end is before the beginning. */
function isWithin(minute: number, from: number, to: number): boolean {
  const since = (minute - from + minutesOfDay) % minutesOfDay;
  return since < (to - from + minutesOfDay) % minutesOfDay;
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

function minuteAt(now: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return minuteOf(format.format(now));
}
