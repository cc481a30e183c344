import { isMeasuredIn, measurementNames, systemNames, type MeasurementName, type SystemName } from './domain/systems.js';

/** How much of what is measured. */
export interface BenchPlan {
  quick: boolean;
  runs: number;
  systems: SystemName[];
  measurements: MeasurementName[];
  bulkTasks: number;
  singleJobs: number;
  /** A system that commits each of them to disk takes a hundred times as long for one. */
  singleJobsOnPostgres: number;
  httpJobs: number;
  pickups: number;
  /** Tasks of priority 9 that are timed while nothing else runs, and as many beside a million. */
  urgentTasks: number;
  defaultTasks: number;
  idleMs: number;
  floodMs: number;
  /** Run one after the other as jobs. */
  commands: number;
  outputBytes: number;
  searchedBytes: number;
  /** Lines that the readers of a log see come. */
  ticks: number;
  poolRounds: number;
  poolAllocations: number;
  /** Error records that are searched and analysed, in so many groups. */
  errorRecords: number;
  errorGroups: number;
  /** Searches of each kind. */
  searches: number;
  /** Jobs that are changed while they run. */
  changeRounds: number;
  /** Steps of one task, one after the other. */
  steps: number;
  /** Messages that are sorted by kind, and plans of one rerun. */
  messages: number;
  plans: number;
  /** Runs with traces and without: what one differs by from the next is as much as what traces may cost. */
  tracingPairs: number;
  /** Jobs that are over behind the console, tasks of one that it shows, and how often each page is looked at. */
  historyJobs: number;
  consoleTasks: number;
  consoleRounds: number;
  /** Tasks of the two jobs that memory is compared after. */
  memoryTasks: [small: number, large: number];
}

/** What of the whole is wanted. */
export interface Selection {
  quick?: boolean;
  runs?: number;
  only?: string[];
}

const memoryTasks: BenchPlan['memoryTasks'] = [100_000, 1_000_000];

/** What the bars are about. */
const searchedBytes = 1_000_000_000;
const errorGroups = 10_000;
const consoleTasks = 1_000_000;

const full = {
  runs: 5,
  bulkTasks: 100_000,
  singleJobs: 20_000,
  singleJobsOnPostgres: 3_000,
  httpJobs: 5_000,
  pickups: 300,
  urgentTasks: 2_000,
  defaultTasks: 10_000,
  idleMs: 5_000,
  floodMs: 20_000,
  commands: 100,
  outputBytes: 2_000_000_000,
  ticks: 500,
  poolRounds: 5,
  poolAllocations: 300,
  errorRecords: 1_000_000,
  searches: 200,
  changeRounds: 100,
  steps: 250,
  messages: 100_000,
  plans: 50,
  tracingPairs: 20,
  historyJobs: 1_000_000,
  consoleRounds: 5,
};

const quick: typeof full = {
  runs: 3,
  bulkTasks: 40_000,
  singleJobs: 8_000,
  singleJobsOnPostgres: 1_000,
  httpJobs: 2_000,
  pickups: 100,
  urgentTasks: 1_000,
  defaultTasks: 3_000,
  idleMs: 2_000,
  floodMs: 10_000,
  commands: 40,
  outputBytes: 1_000_000_000,
  ticks: 200,
  poolRounds: 3,
  poolAllocations: 100,
  errorRecords: 100_000,
  searches: 100,
  changeRounds: 50,
  steps: 200,
  messages: 50_000,
  plans: 20,
  tracingPairs: 6,
  historyJobs: 100_000,
  consoleRounds: 3,
};

/**
 * `only` names measurements, systems or both; a kind of which it names none is measured whole. A system that is measured
 * in none of the measurements stays out.
 */
export function planOf(wanted: Selection): BenchPlan {
  const size = wanted.quick ? quick : full;
  const only = wanted.only ?? [];
  const measurements = named(measurementNames, only);
  return {
    ...size,
    quick: wanted.quick ?? false,
    runs: wanted.runs ?? size.runs,
    systems: named(systemNames, only).filter((system) => measurements.some((name) => isMeasuredIn(system, name))),
    measurements,
    memoryTasks,
    searchedBytes,
    errorGroups,
    consoleTasks,
  };
}

/** Names that are neither a measurement nor a system. */
export function unknownNames(only: readonly string[]): string[] {
  const known: readonly string[] = [...measurementNames, ...systemNames];
  return only.filter((name) => !known.includes(name));
}

function named<Name extends string>(names: readonly Name[], only: readonly string[]): Name[] {
  const chosen = names.filter((name) => only.includes(name));
  return chosen.length > 0 ? chosen : [...names];
}
