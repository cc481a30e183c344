import type { ResourceLimits } from '@kintsugi/contracts';

/** How much of something has to come free at a worker, or under a key, before one more task has room. */
export interface Shortage {
  of: 'tasks' | 'memoryMib' | 'cpuCores';
  amount: number;
}

/** Where tasks of a type wait to be given to a worker, of which none has room now. */
export interface FullRoom {
  id: string;
  queue: string;
  needs: ResourceLimits | null;
  /** Workers that can run such a task once enough of what they hold has ended; none where nobody can, ever. */
  workers: readonly { workerId: string; shortages: readonly Shortage[] }[];
  /** Whether somebody offers the type at all. */
  isOffered: boolean;
}

/** A job that has not ended, with what it may wait for. */
export interface OpenJob {
  id: string;
  tenant: string;
  isPaused: boolean;
  /** Its tasks that are ready wait there; null where none is, and where there is room. */
  room: string | null;
  /** The concurrency key under which as many run as may: how many have to end before one more begins. */
  key: { id: string; name: string; short: number; holders: readonly string[] } | null;
  /** The jobs that it comes after. */
  awaits: readonly string[];
  /** The job whose handler has made it. */
  parent: string | null;
}

/** What is common to jobs of which no more is known. */
export const waitsForNothing = { isPaused: false, room: null, key: null, awaits: [], parent: null };

/** Tasks of one job that one worker holds. */
export interface HeldPart {
  workerId: string;
  jobId: string;
  tenant: string;
  /** Of them those that run, and those that wait at the worker for a slot, for longer than their type usually takes. */
  running: number;
  queued: number;
  /** All others: they have not been there for long, and so are taken to go on. */
  fresh: number;
  /** What one of them may use. */
  needs: ResourceLimits | null;
}

/** All of what may hold jobs up, at one moment. */
export interface WaitingFacts {
  jobs: readonly OpenJob[];
  rooms: readonly FullRoom[];
  held: readonly HeldPart[];
}
