import type { BenchPlan } from '../bench-plan.js';
import type { Readings } from '../domain/figure-book.js';
import type { MeasurementName } from '../domain/systems.js';
import type { PlatformKind } from '../platform/platform-system.js';
import { measureBacklog, measureRetention } from './backlog/backlog.js';
import { measureChanges } from './changes.js';
import { measureConsole } from './console/console.js';
import type { Contender } from './contender.js';
import { measureErrors } from './errors.js';
import { measureFailures } from './failures.js';
import { measureFlood } from './flood.js';
import { measureHistory } from './history/history.js';
import { measureRepair } from './repair/repair.js';
import { measureSteps } from './steps.js';
import { measureTracing } from './tracing.js';

/** What is measured of ours on a platform that nothing else has used. */
export interface LoneMeasurement {
  measurement: MeasurementName;
  measure: (fresh: Contender, run: number, beside?: Contender) => Promise<Readings>;
  runs: number;
  /** Said before one that takes long. */
  notice?: string;
  /** Which platform, where it is not the usual one. */
  kind?: PlatformKind;
  /** Another one that it is compared with. */
  beside?: PlatformKind;
}

/** Each leaves jobs or records in its store: no other shares the platform with them. */
export function loneMeasurements(plan: BenchPlan, signal: AbortSignal): LoneMeasurement[] {
  return [
    { measurement: 'flood', measure: (fresh) => measureFlood(fresh, plan.floodMs), runs: 1 },
    { measurement: 'failures', measure: (fresh, run) => measureFailures(fresh, plan.bulkTasks, run), runs: plan.runs },
    {
      measurement: 'errors',
      measure: (fresh) => measureErrors(fresh.system.address, plan, signal),
      runs: 1,
      notice: `errors: a store is filled with ${plan.errorRecords} error records; this takes up to some minutes`,
    },
    {
      measurement: 'history',
      measure: (fresh) => measureHistory(fresh, plan, signal),
      runs: 1,
      notice: `history: a platform is told of ${plan.historyJobs} jobs; this takes some minutes`,
    },
    { measurement: 'changes', measure: (fresh) => measureChanges(fresh.system.address, plan.changeRounds), runs: plan.runs },
    { measurement: 'steps', measure: (fresh) => measureSteps(fresh.system.address, plan.steps), runs: plan.runs },
    { measurement: 'repair', measure: (fresh) => measureRepair(fresh, plan.messages, plan.plans), runs: plan.runs },
    { measurement: 'backlog', measure: (fresh) => measureBacklog(fresh, plan.urgentTasks), runs: 1 },
    { measurement: 'backlog', measure: measureRetention, runs: 1, kind: 'retention' },
    {
      measurement: 'tracing',
      measure: (plain, _run, traced) => measureTracing(plain, traced, plan),
      runs: 1,
      beside: 'traced',
    },
    {
      measurement: 'console',
      measure: (fresh) => measureConsole(fresh.system, plan, signal),
      runs: 1,
      notice: `console: a platform gets ${plan.historyJobs} jobs and one of ${plan.consoleTasks} tasks; this takes some minutes`,
    },
  ];
}
