import { recoveryStatuses, type FailureAnalysis, type RecoveryStatus } from '@kintsugi/contracts';
import { wilsonInterval } from '@kintsugi/statistics';

type Rate = Pick<FailureAnalysis['by_error_type'][number]['recovery'], 'rate' | 'interval'>;
type Kind = Omit<FailureAnalysis['by_error_type'][number], 'error_type'>;

export function rateOf(hits: number, trials: number): Rate {
  return { rate: trials === 0 ? null : hits / trials, interval: wilsonInterval(hits, trials) };
}

export function noStatuses(): Record<RecoveryStatus, number> {
  return Object.fromEntries(recoveryStatuses.map((status) => [status, 0])) as Record<RecoveryStatus, number>;
}

/** Counts failed tasks of one kind, such as an error type. */
export class KindSum {
  private tasks = 0;
  private failedRuns = 0;
  private last = -Infinity;
  private recovered = 0;
  private decided = 0;
  private readonly byStatus = noStatuses();

  /**
   * @param at when it failed last, in epoch milliseconds
   * @param isOurs whether it was for us to try again
   */
  add(status: RecoveryStatus, failedRuns: number, at: number, isOurs: boolean): void {
    this.tasks += 1;
    this.failedRuns += failedRuns;
    this.byStatus[status] += 1;
    if (isOurs && (status === 'recovered' || status === 'failed')) this.decided += 1;
    if (isOurs && status === 'recovered') this.recovered += 1;
    if (at > this.last) this.last = at;
  }

  get size(): number {
    return this.tasks;
  }

  result(): Kind {
    return {
      tasks: this.tasks,
      failed_runs: this.failedRuns,
      by_status: { ...this.byStatus },
      recovery: { decided: this.decided, ...rateOf(this.recovered, this.decided) },
      last_seen: new Date(this.last).toISOString(),
    };
  }
}

/** Counts retries and how many of them helped. */
export class RetrySum {
  private tried = 0;
  private succeeded = 0;

  add(hasSucceeded: boolean): void {
    this.tried += 1;
    if (hasSucceeded) this.succeeded += 1;
  }

  result(): { tried: number; succeeded: number } & Rate {
    return { tried: this.tried, succeeded: this.succeeded, ...rateOf(this.succeeded, this.tried) };
  }
}

/** The counter of a key, made when it is first asked for. */
export function counterOf<Key, Counter>(counters: Map<Key, Counter>, key: Key, make: () => Counter): Counter {
  let counter = counters.get(key);
  if (counter === undefined) {
    counter = make();
    counters.set(key, counter);
  }
  return counter;
}

/** What names stand for that columns give by numbers, each looked up once. */
export class NumberedNames<Counter> {
  private readonly found: (Counter | undefined)[];

  constructor(
    private readonly names: readonly string[],
    private readonly lookUp: (name: string) => Counter,
  ) {
    this.found = new Array<Counter | undefined>(names.length);
  }

  at(number = 0): Counter {
    return (this.found[number] ??= this.lookUp(this.names[number] ?? ''));
  }
}
