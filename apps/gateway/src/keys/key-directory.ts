import { createHash, timingSafeEqual } from 'node:crypto';
import { inBackground } from '@kintsugi/boundary';
import { ProblemError, type ApiKeyRecord } from '@kintsugi/contracts';
import { KnownKeys, type Caller } from './domain/known-keys.js';

/** What gives the `KeySource`, or null while no keys are asked for. */
export const KEY_SOURCE = Symbol('source of API keys');

/** Where the keys are kept. */
export interface KeySource {
  /** Those that were made or changed after a revision. */
  changedSince(revision: number): Promise<(ApiKeyRecord & { revision: number })[]>;
}

/** What was read this long ago is used as it is, and read again behind the request from then on. */
const freshMs = 300;
/** What was read longer ago than this is read again before a request is answered: a key is refused a second after it was revoked. */
const usedMs = 700;
/** A key that is not known is looked for at once, but not more often than this. */
const lookedForMs = 50;
/** All keys are read again this often, in case somebody has changed them by hand or has put an older state back. */
const readWholeMs = 60_000;
/** While the database is away it is asked this often, and no request waits for it. */
const retryMs = 1_000;
/** For as long a known key is accepted while the database is away: nobody could tell that it has been revoked. */
export const acceptedWhileAwayMs = 300_000;

const means = {
  sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
  equal: (left: string, right: string) => timingSafeEqual(Buffer.from(left), Buffer.from(right)),
};

/** The clocks that a directory goes by, in milliseconds. */
export interface Clocks {
  /** Never goes back. */
  steady: () => number;
  wall: () => number;
}

const ownClocks: Clocks = { steady: () => performance.now(), wall: () => Date.now() };

/**
 * The API keys as the database has them, in memory. Nothing is read while nobody asks, and while many ask it is read a few times a
 * second for all of them: a request with a known key waits for the database only after a pause.
 */
export class KeyDirectory {
  private keys = new KnownKeys(means);
  private revision = -1;
  /** When the last reading that succeeded began. */
  private readAt = -Infinity;
  private readWholeAt = -Infinity;
  private reading: Promise<void> | null = null;
  /** When the last reading failed; null while the database answers. */
  private awaySince: number | null = null;

  constructor(
    private readonly source: KeySource,
    private readonly onFault: (error: unknown) => void,
    private readonly clocks: Clocks = ownClocks,
  ) {}

  /** The caller of a key, null for one that is refused. Rejects while nobody can tell. */
  callerOf(key: string): Caller | null | Promise<Caller | null> {
    const age = this.clocks.steady() - this.readAt;
    if (age > usedMs) return this.callerAfterReading(key);
    if (age > freshMs) inBackground('keys.read', () => this.read());
    const verdict = this.verdictOn(key);
    if (verdict === 'unknown' && age > lookedForMs) return this.callerAfterReading(key);
    return typeof verdict === 'string' ? null : verdict;
  }

  /** Never rejects. */
  read(): Promise<void> {
    this.reading ??= this.readOnce().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async callerAfterReading(key: string): Promise<Caller | null> {
    const askAgainAt = (this.awaySince ?? -Infinity) + retryMs;
    if (this.awaySince === null) await this.read();
    else if (askAgainAt <= this.clocks.steady()) inBackground('keys.read', () => this.read());
    const verdict = this.verdictOn(key);
    if (verdict === 'refused') return null;
    if (this.awaySince === null) return verdict === 'unknown' ? null : verdict;
    if (verdict !== 'unknown' && this.clocks.steady() - this.readAt <= acceptedWhileAwayMs) return verdict;
    const detail = 'The database of API keys does not answer, and this key is not known here. Try again in a moment.';
    throw new ProblemError('STORE_UNAVAILABLE', detail, { retry_after: 1 });
  }

  private verdictOn(key: string) {
    return this.keys.verdictOn(key, new Date(this.clocks.wall()));
  }

  private async readOnce(): Promise<void> {
    const begunAt = this.clocks.steady();
    const isWhole = begunAt - this.readWholeAt > readWholeMs;
    try {
      const records = await this.source.changedSince(isWhole ? -1 : this.revision);
      if (isWhole) {
        this.keys = new KnownKeys(means);
        this.revision = -1;
        this.readWholeAt = begunAt;
      }
      this.keys.learn(records);
      this.revision = records.reduce((highest, { revision }) => Math.max(highest, revision), this.revision);
      this.readAt = begunAt;
      this.awaySince = null;
    } catch (error) {
      if (this.awaySince === null) this.onFault(error);
      this.awaySince = this.clocks.steady();
    }
  }
}
