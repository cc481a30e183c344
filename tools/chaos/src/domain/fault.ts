import type { Random } from './random.js';

/** What can be done to the platform, with what it is called in the report. */
export const faultKinds = {
  kill: 'one process killed (SIGKILL)',
  term: 'one process asked to end (SIGTERM)',
  kill_all: 'every process killed at once',
  pause: 'one process paused (SIGSTOP)',
  pause_all: 'every process paused at once',
  broker_files_lost: 'every file of the broker deleted',
  broker_rolled_back: 'the files of the broker put back to an earlier state',
  disk_full: 'the disk full',
} as const;

export type FaultKind = keyof typeof faultKinds;

export const faultKindNames = Object.keys(faultKinds) as FaultKind[];

/** Processes that the broker and the record are not, in the order of a start. */
const services = ['job-service', 'recovery-service', 'metrics-service', 'gateway'];
const servers = ['nats-server', 'mongod'];

export interface Fault {
  kind: FaultKind;
  /** The process that it strikes; null where it strikes all. */
  victim: string | null;
  /** How long a pause or a full disk lasts. */
  lastsMs: number;
}

/** A sequence of faults: each kind once in random order, then again, with random victims. */
export function* faultsOf(
  random: Random,
  given: { kinds: readonly FaultKind[]; workers: readonly string[]; pauseMsMax: number },
): Generator<Fault, never> {
  const victims = [...services, ...servers, ...given.workers];
  for (;;) {
    for (const kind of shuffled(given.kinds, random)) {
      const struck = kind === 'kill' || kind === 'term' || kind === 'pause' ? random.pick(victims) : null;
      yield { kind, victim: struck, lastsMs: Math.round(random.between(500, given.pauseMsMax)) };
    }
  }
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
