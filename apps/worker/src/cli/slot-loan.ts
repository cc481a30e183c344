import { setTimeout as delay } from 'node:timers/promises';
import { every } from '@kintsugi/boundary';
import { ProblemError, type ActionInput, type ActionResponse, type CommandTask } from '@kintsugi/contracts';
import { NonRetryable, TaskError } from '@kintsugi/worker-sdk';

/** What a loan asks about, at the host of its slot once it has one. */
export type SlotActions = 'allocate' | 'heartbeatSlot' | 'release';
export type AskPools = <Action extends SlotActions>(
  action: Action,
  data: ActionInput<Action>,
  host?: string,
) => Promise<ActionResponse<Action>>;

export interface Borrower {
  taskId: string;
  jobId: string;
  signal: AbortSignal;
  /** Writes to the log of the task. */
  log: (line: string) => void;
}

export interface LoanTimes {
  /** Seconds after which the agent takes the slot back from a worker that is silent. */
  leaseS: number;
  beatMs: number;
  /** For how long a task waits for a slot to become free, asking that often. */
  waitMs: number;
  askMs: number;
}

export const loanTimes: LoanTimes = { leaseS: 30, beatMs: 8_000, waitMs: 600_000, askMs: 1_000 };

/** A slot of a pool for one run of a task. The worker beats for it; one that is killed is silent, and the agent takes the slot back. */
export class SlotLoan {
  private readonly lost = new AbortController();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly ask: AskPools,
    private readonly slot: { slot_id: string; token: number; path: string; host: string },
    private readonly log: (line: string) => void,
    beatMs: number,
  ) {
    this.timer = every('cli.slot-beat', beatMs, () => this.beat());
  }

  /** Waits while all slots are taken. Rejects with the failure that the task ends with. */
  static async of(
    { pool, ref }: NonNullable<CommandTask['needs']>,
    { taskId, jobId, signal, log }: Borrower,
    ask: AskPools,
    { leaseS, beatMs, waitMs, askMs }: LoanTimes = loanTimes,
  ): Promise<SlotLoan> {
    const wish = {
      pool,
      owner: taskId,
      purpose: jobId,
      lease_s: leaseS,
      release_when_silent: true,
      ...(ref === undefined ? {} : { ref }),
    };
    for (const until = performance.now() + waitMs; ;) {
      try {
        return new SlotLoan(ask, await ask('allocate', wish), log, beatMs);
      } catch (error) {
        const isTaken = error instanceof ProblemError && error.code === 'POOL_EXHAUSTED';
        if (!isTaken || performance.now() >= until) throw failureOf(error, pool);
      }
      await delay(askMs, undefined, { signal });
    }
  }

  get path(): string {
    return this.slot.path;
  }

  /** Aborted when the slot has passed to somebody else: whatever works there has to stop. */
  get signal(): AbortSignal {
    return this.lost.signal;
  }

  /**
   * Gives it back to be cleaned; it is isolated where it can't be made sound.
   * @param wasKilled what worked there may have been in the middle of a write, so that it is looked at more closely
   */
  async giveBack(wasKilled: boolean): Promise<void> {
    clearInterval(this.timer);
    if (this.lost.signal.aborted) return;
    const { slot_id, token, host } = this.slot;
    const depth = wasKilled ? 'full' : 'quick';
    try {
      const { state, saved, metadata } = await this.ask('release', { slot_id, token, depth }, host);
      if (saved !== null) this.log(`What was left in the slot and is at no remote is kept in ${saved}.`);
      if (state !== 'AVAILABLE') {
        this.log(`Slot ${slot_id} is ${state}: ${metadata.isolation_reason ?? 'it could not be made sound'}.`);
      }
    } catch (error) {
      // The task has ended all the same, and the slot comes back when its lease ends.
      this.log(`Slot ${slot_id} could not be given back, and is taken back later: ${(error as Error).message}`);
    }
  }

  private async beat(): Promise<void> {
    const { slot_id, token, host } = this.slot;
    try {
      await this.ask('heartbeatSlot', { slot_id, token }, host);
    } catch (error) {
      // An agent that is away gives the slot to nobody else.
      if (!(error instanceof ProblemError) || !['SLOT_TOKEN_STALE', 'STATE_CONFLICT', 'SLOT_NOT_FOUND'].includes(error.code)) {
        return;
      }
      clearInterval(this.timer);
      this.lost.abort(new TaskError(`Slot ${slot_id} was taken from this run.`, { error_type: 'pool.slot_lost' }));
    }
  }
}

function failureOf(error: unknown, pool: string): unknown {
  if (!(error instanceof ProblemError)) return error;
  const { code, message } = error;
  if (code === 'POOL_NOT_FOUND') return new NonRetryable(message, { error_type: 'pool.not_found' });
  if (code === 'VALIDATION_FAILED') return new NonRetryable(message, { error_type: 'pool.ref_unknown' });
  if (code === 'POOL_EXHAUSTED') return new TaskError(message, { error_type: 'pool.exhausted' });
  return new TaskError(`No slot of ${pool} could be had. ${message}`, { error_type: 'pool.unavailable' });
}
