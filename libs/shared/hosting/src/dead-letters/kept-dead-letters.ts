import {
  DEFAULT_TENANT,
  ProblemError,
  subjects,
  type Actor,
  type ConsumerName,
  type DeadLetterDetails,
  type DeadLetterService,
  type DeadLetterView,
  type ReplayedDeadLetter,
} from '@kintsugi/contracts';
import type { FaultListener } from '@kintsugi/messaging';
import { listed, willPass, type DeadLetter, type DeadLetterStore, type ListedDeadLetter } from '@kintsugi/persistence';
import { DeadLetterSource, shownPayload, type DeadLetterSearch } from './dead-letters.js';
import { ReplayedMessage } from './replayed-message.js';

/** Who publishes it at NATS is bound to no tenant, and its jobs are of this one. All else speaks of jobs of any tenant. */
const ofDefaultTenant = subjects.command('createJob');
const dayMs = 24 * 3_600_000;
/** Of the time that a key is kept: a replay takes a while until it claims the key, and clocks differ. */
const marginMs = 3_600_000;

export interface KeptDeadLettersParts {
  service: DeadLetterService;
  /** Whose letters they are. */
  consumer: ConsumerName;
  store: DeadLetterStore;
  /** Has a message handled as when it came; resolves once that is safe, and rejects as its handling did. */
  handle: (message: ReplayedMessage) => Promise<unknown>;
  onFault: FaultListener;
  /** For how many days a message makes its job only once. Without it a message may be handled twice at any time. */
  keyDays?: number;
}

/** Messages of a stream that a service could not handle. */
export class KeptDeadLetters extends DeadLetterSource {
  readonly prefix: string;

  constructor(private readonly parts: KeptDeadLettersParts) {
    super();
    this.prefix = parts.service;
  }

  async newest({ reason, tenant, behind, limit }: DeadLetterSearch): Promise<DeadLetterView[]> {
    if (tenant !== null && tenant !== DEFAULT_TENANT) return [];
    const subject = tenant === null ? undefined : ofDefaultTenant;
    const letters = await this.parts.store.newest({ reason, subject, behind, limit });
    return letters.map((letter) => this.view(letter));
  }

  async find(id: string, { tenant }: Actor): Promise<DeadLetterDetails | null> {
    const letter = await this.parts.store.find(this.storedIdOf(id));
    if (!letter || (tenant !== null && tenant !== tenantOf(letter))) return null;
    const [shown, known] = [shownPayload(letter.payload), listed(letter)];
    return { ...this.view(known), ...shown, payload_is_whole: known.is_whole && shown.payload_is_whole };
  }

  async replay(id: string): Promise<ReplayedDeadLetter> {
    const { store, handle } = this.parts;
    const letter = await store.find(this.storedIdOf(id));
    const answer = { id: `${this.prefix}.${id}`, repeated: false, reason: null, detail: null };
    // Somebody may have discarded it in this moment.
    if (!letter || letter.is_done) return { ...answer, outcome: 'done', repeated: true };
    const refusal = this.refusalOf(listed(letter));
    if (refusal) throw refusal;
    const isFirst = this.makesJobOnce(letter) && (await store.noteBegun(letter._id, new Date()));
    try {
      await handle(new ReplayedMessage(letter, id));
    } catch (error) {
      const { code, detail } = await this.noteFailure(letter, error, isFirst);
      return { ...answer, outcome: 'failed', reason: code, detail };
    }
    await store.noteDone(letter._id, new Date());
    return { ...answer, outcome: 'done' };
  }

  async discard(id: string): Promise<void> {
    await this.parts.store.remove(this.storedIdOf(id));
  }

  storedIdOf(id: string): string {
    return `${this.parts.consumer}.${id}`;
  }

  /** What will pass is told to whoever asked, and leaves the letter as it is. */
  private async noteFailure(letter: DeadLetter, error: unknown, isFirst: boolean): Promise<{ code: string; detail: string }> {
    const isKnown = error instanceof ProblemError && error.code !== 'INTERNAL';
    if (willPass(error)) throw error;
    if (!isKnown) this.parts.onFault(error, { subject: letter.subject });
    const told = isKnown ? error : new ProblemError('INTERNAL', 'It failed by an unexpected fault, which has been logged.');
    const problem = told.toProblem();
    await this.parts.store.noteFailed(letter._id, problem, new Date(), isFirst && isKnown);
    return problem;
  }

  private view(letter: ListedDeadLetter): DeadLetterView {
    const { service } = this.parts;
    const isCommand = service === 'job';
    const [name, refusal] = [nameOf(letter.subject), this.refusalOf(letter)];
    return {
      ...{ id: `${this.prefix}.${letter._id.slice(this.storedIdOf('').length)}`, service, name, reader: letter.consumer },
      ...{ kind: isCommand ? 'command' : 'event', tenant: tenantOf(letter) },
      ...{ reason: letter.reason, detail: letter.problem.detail, since: letter.received_at.toISOString() },
      ...{ payload_bytes: letter.payload_bytes, state: letter.is_done ? 'replayed' : 'dead', replays: letter.replays ?? 0 },
      ...{ replayed_at: letter.replayed_at?.toISOString() ?? null, can_replay: refusal === null },
      replay: refusal?.message ?? this.meaningOf(letter),
    };
  }

  private meaningOf(letter: ListedDeadLetter): string {
    if (this.makesJobOnce(letter)) {
      const within = `within ${this.parts.keyDays} days before`;
      return `Makes the job, under the key of the message: one that an earlier try made ${within} is not made again.`;
    }
    if (this.parts.service === 'job') {
      return 'Carries the command out as if it came now: what stands otherwise by now is left as it is.';
    }
    return 'Takes the event in as if it came now: what is known of it already stays as it is.';
  }

  private refusalOf(letter: ListedDeadLetter): ProblemError | null {
    if (!letter.is_whole) return new ProblemError('DEAD_LETTER_INCOMPLETE', lacking(letter));
    const { replay_begun_at: begunAt } = letter;
    const { keyDays } = this.parts;
    if (!begunAt || keyDays === undefined || Date.now() < begunAt.getTime() + keyDays * dayMs - marginMs) return null;
    return new ProblemError(
      'DEAD_LETTER_UNCERTAIN',
      `It cannot be replayed: a replay that began at ${begunAt.toISOString()} may have made the job, and the key that would tell is ` +
        `kept for ${keyDays} days. See whether the job is there. If so, discard this; if not, have its sender send it again.`,
    );
  }

  private makesJobOnce({ subject }: Pick<DeadLetter, 'subject'>): boolean {
    return this.parts.keyDays !== undefined && nameOf(subject) === 'createJob';
  }
}

function lacking({ kept_bytes: bytes, payload_bytes: all }: ListedDeadLetter): string {
  const kept = Math.min(bytes, all);
  return `It cannot be replayed: not all of its ${all} bytes are kept as they came (${kept} are). Have its sender send it again.`;
}

function tenantOf({ subject }: Pick<DeadLetter, 'subject'>): string | null {
  return subject === ofDefaultTenant ? DEFAULT_TENANT : null;
}

/** The command or event that a subject names. */
function nameOf(subject: string): string {
  return subject.split('.').slice(2).join('.');
}
