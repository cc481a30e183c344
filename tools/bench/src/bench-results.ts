import type { Figures } from './domain/figure-book.js';
import type { FiguresByProcess } from './domain/process-book.js';
import type { MeasurementName, SystemName } from './domain/systems.js';
import type { BenchPlan } from './bench-plan.js';

/** What the figures were measured on. */
export interface Conditions {
  cpu: string;
  cores: number;
  memoryMb: number;
  os: string;
  node: string;
  /** Of the minute before the start: other work on the machine shows here. */
  loadAverage: number;
}

export interface MeasuredSystem {
  name: SystemName;
  versions: string;
  settings: string;
}

/** A system that could not be measured, with the reason. */
export interface LeftOut {
  system: SystemName;
  reason: string;
}

/** A run that failed or was not exact. */
export interface FailedRun {
  system: SystemName;
  measurement: MeasurementName;
  run: number;
  reason: string;
}

/** All that a benchmark came to; reports are made from this alone. */
export interface BenchResults {
  plan: BenchPlan;
  startedAt: string;
  durationS: number;
  conditions: Conditions;
  systems: MeasuredSystem[];
  leftOut: LeftOut[];
  failedRuns: FailedRun[];
  /** Runs of handlers beyond the first of a task, over all runs of a system; delivery is at least once. */
  repeatedRuns: Partial<Record<SystemName, number>>;
  exactRuns: number;
  figures: Figures;
  byProcess: Partial<Record<SystemName, FiguresByProcess>>;
}
