import type { Logger, Metrics } from '@kintsugi/observability';
import { CancelRecoveries } from '../../failures/commands/cancel-recoveries.js';
import { RecordFailures } from '../../failures/commands/record-failures.js';
import { RecordRecoveries } from '../../failures/commands/record-recoveries.js';
import { FailureJudge } from '../../failures/failure-judge.js';
import { NoteFailures } from '../../groups/commands/note-failures.js';
import { FailureGroupsInMemory } from '../../groups/failure-groups-in-memory.js';
import { groupRecoveriesInMemory } from '../../group-recoveries/group-recoveries-in-memory-parts.js';
import { GroupRecoveriesInMemory } from '../../group-recoveries/group-recoveries-in-memory.js';
import { GroupAssigner } from '../../groups/group-assigner.js';
import { GroupWays } from '../../groups/group-ways.js';
import { LearntTemplatesInMemory } from '../../groups/learnt-templates-in-memory.js';
import type { AwaitedJobs } from '../../group-recoveries/awaited-jobs.js';
import type { Clock } from '../../platform/clock.js';
import { RetryConfigsInMemory } from '../../policies/retry-configs-in-memory.js';
import { CancelledJobsInMemory } from '../../records/cancelled-jobs-in-memory.js';
import { ErrorRecordsInMemory, type StoredRecords } from '../../records/error-records-in-memory.js';
import { ManualRecoveriesInMemory } from '../../records/manual-recoveries-in-memory.js';
import { ManualRecover } from '../../recoveries/commands/manual-recover.js';
import { RecordTakeover } from '../../recoveries/record-takeover.js';
import { RecoveryItemsInMemory } from '../../records/recovery-items-in-memory.js';
import { RecoverableRecordsInMemory } from '../../recoveries/recoverable-records-in-memory.js';
import { RecoveryRefusals } from '../../recoveries/recovery-refusals.js';
import { StartDueRetries } from '../../retries/commands/start-due-retries.js';
import { RetryClock } from '../../retries/retry-clock.js';
import { RetryTimersInMemory } from '../../retries/retry-timers-in-memory.js';
import type { CommandQueue } from '../../task-commands/command-queue.js';
import { CommandSender } from '../../task-commands/command-sender.js';
import type { KeptSteps } from '../../task-commands/kept-steps.js';
import type { TaskStatuses } from '../../task-commands/task-statuses.js';
import { ResendCommands } from '../commands/resend-commands.js';
import { OwingRecordsInMemory } from '../owing-records-in-memory.js';
import { stillnessSample } from '../../platform/stillness-sample.js';

/** What all replicas of recovery-service share: its database. */
export function recoveryStores() {
  const stored: StoredRecords = new Map();
  return {
    stored,
    records: new ErrorRecordsInMemory(stored),
    recoverable: new RecoverableRecordsInMemory(stored),
    timers: new RetryTimersInMemory(stored),
    owing: new OwingRecordsInMemory(stored),
    recoveries: new ManualRecoveriesInMemory(),
    recoveryItems: new RecoveryItemsInMemory(),
    groupRecoveries: new GroupRecoveriesInMemory(),
    cancelledJobs: new CancelledJobsInMemory(),
    configs: new RetryConfigsInMemory(),
    groups: new FailureGroupsInMemory(stored),
    learnt: new LearntTemplatesInMemory(),
  };
}

/** Resolves when a step may be taken; rejects where the process is to fail or to end at it. */
export type Passage = (step: string) => Promise<void>;

export interface ReplicaParts {
  stores: ReturnType<typeof recoveryStores>;
  queue: CommandQueue;
  statuses: TaskStatuses;
  clock: Clock;
  /** The jobs that recoveries may wait for. */
  jobs?: AwaitedJobs;
  /** The names of the steps that each task has kept. */
  steps?: KeptSteps;
  /** Asked before and after each step that leaves the process. */
  pass?: Passage;
}

/** The waits are exact: 5 s before the first retry, twice as long before each next one, and four runs in all. */
export const settingsInMemory = {
  ...{ MAX_RETRY_ATTEMPTS: 3, RETRY_WAIT_SECONDS: 5, RETRY_BACKOFF_MULTIPLIER: 2, RETRY_MAX_DELAY_SECONDS: 3_600 },
  ...{ RETRY_JITTER: 'none' as const, COMMAND_RESEND_SECONDS: 30 },
};

const noSteps: KeptSteps = { namesOf: async () => [] };

/** One replica of recovery-service without servers, for specs; what it counts and complains of is noted. */
export function recoveryInMemory({ stores, clock, pass = async () => undefined, ...others }: ReplicaParts) {
  const counted: string[] = [];
  const complaints: unknown[] = [];
  const metrics = {
    observe: () => undefined,
    count: (name: string, labels: Record<string, string> = {}): void => {
      counted.push([name, ...Object.values(labels)].join(' '));
    },
  } as unknown as Metrics;
  const logger = { error: (complaint: unknown) => complaints.push(complaint), info: () => undefined } as unknown as Logger;
  const records = passing(stores.records, pass);
  const recoverable = passing(stores.recoverable, pass);
  const timers = passing(stores.timers, pass);
  const owing = passing(stores.owing, pass);
  const recoveries = passing(stores.recoveries, pass);
  const cancelledJobs = passing(stores.cancelledJobs, pass);
  const configs = passing(stores.configs, pass);
  const groups = passing(stores.groups, pass);
  const ways = new GroupWays(groups);
  const assigner = new GroupAssigner(passing(stores.learnt, pass), ways);
  const settings = settingsInMemory;
  const sender = new CommandSender(passing(others.queue, pass), recoveries);
  const startDueRetries = new StartDueRetries(timers, sender, metrics, clock, settings);
  const retryClock = new RetryClock(startDueRetries, clock, stillnessSample(), logger);
  const judge = new FailureJudge(configs, cancelledJobs, assigner, clock, settings);
  const recordRecoveries = new RecordRecoveries(records, metrics);
  const takeover = new RecordTakeover(recoverable, recoveries, sender, clock, settings, logger);
  const refusals = new RecoveryRefusals(configs, cancelledJobs, settings);
  const groupRecoveries = groupRecoveriesInMemory({
    recoveries: passing(stores.groupRecoveries, pass),
    items: passing(stores.recoveryItems, pass),
    ...{ manualRecoveries: recoveries, recoverable, refusals, takeover, groups, metrics, clock, logger },
    jobs: others.jobs ?? { of: async () => new Map() },
  });
  return {
    ...{ groupRecoveries },
    ...{ counted, complaints, startDueRetries, recordRecoveries },
    recordFailures: new RecordFailures(records, judge, sender, retryClock, new NoteFailures(groups, ways), metrics),
    cancelRecoveries: new CancelRecoveries(records, cancelledJobs),
    manualRecover: new ManualRecover(records, recoverable, refusals, takeover, others.steps ?? noSteps, clock),
    resendCommands: new ResendCommands(owing, sender, passing(others.statuses, pass), recordRecoveries, clock, settings),
  };
}

export type RecoveryInMemory = ReturnType<typeof recoveryInMemory>;

/** The same port, whose every step is asked for before it is taken and again before its result is known. */
function passing<Port extends object>(port: Port, pass: Passage): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): unknown => {
        const take = (): unknown => Reflect.apply(member, target, given);
        if (name === 'neverResent') return take();
        return pass(`before ${String(name)}`)
          .then(take)
          .then(async (result) => {
            await pass(`after ${String(name)}`);
            return result;
          });
      };
    },
  });
}
