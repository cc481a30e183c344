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
import { DeadLetterSource, type DeadLetterSearch } from './dead-letters.js';
import { ReplayedMessage } from './replayed-message.js';

const shownMax = 16 * 1024;
/** Who publishes it at NATS is bound to no tenant, and its jobs are of this one. All else speaks of jobs of any tenant. */
const ofDefaultTenant = subjects.command('createJob');

export interface KeptDeadLettersParts {
  service: DeadLetterService;
  /** Whose letters they are. */
  consumer: ConsumerName;
  store: DeadLetterStore;
  /** Has a message handled as when it came; resolves once that is safe, and rejects as its handling did. */
  handle: (message: ReplayedMessage) => Promise<unknown>;
  onFault: FaultListener;
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
    const place = behind && { since: behind.since, id: behind.id === null ? null : this.storedIdOf(behind.id) };
    const subject = tenant === null ? undefined : ofDefaultTenant;
    const letters = await this.parts.store.newest({ reason, subject, behind: place, limit });
    return letters.map((letter) => this.view(letter));
  }

  async find(id: string, { tenant }: Actor): Promise<DeadLetterDetails | null> {
    const letter = await this.parts.store.find(this.storedIdOf(id));
    if (!letter || (tenant !== null && tenant !== tenantOf(letter))) return null;
    const [payload, known] = [letter.payload.slice(0, shownMax), listed(letter)];
    return { ...this.view(known), payload, payload_is_whole: known.is_whole && payload === letter.payload };
  }

  async replay(id: string): Promise<ReplayedDeadLetter> {
    const { store, handle } = this.parts;
    const letter = await store.find(this.storedIdOf(id));
    const answer = { id: `${this.prefix}.${id}`, repeated: false, reason: null, detail: null };
    // Somebody may have discarded it in this moment.
    if (!letter || letter.is_done) return { ...answer, outcome: 'done', repeated: true };
    try {
      await handle(new ReplayedMessage(letter, id));
    } catch (error) {
      const { code, detail } = await this.noteFailure(letter, error);
      return { ...answer, outcome: 'failed', reason: code, detail };
    }
    await store.noteDone(letter._id, new Date());
    return { ...answer, outcome: 'done' };
  }

  async discard(id: string): Promise<void> {
    await this.parts.store.remove(this.storedIdOf(id));
  }

  /** What will pass is told to whoever asked, and leaves the letter as it is. */
  private async noteFailure(letter: DeadLetter, error: unknown): Promise<{ code: string; detail: string }> {
    const isKnown = error instanceof ProblemError && error.code !== 'INTERNAL';
    if (willPass(error) || (isKnown && error.toProblem().retryable)) throw error;
    if (!isKnown) this.parts.onFault(error, { subject: letter.subject });
    const told = isKnown ? error : new ProblemError('INTERNAL', 'It failed by an unexpected fault, which has been logged.');
    const problem = told.toProblem();
    await this.parts.store.noteFailed(letter._id, problem, new Date());
    return problem;
  }

  private view(letter: ListedDeadLetter): DeadLetterView {
    const { service } = this.parts;
    const isCommand = service === 'job';
    const [name, canReplay] = [nameOf(letter.subject), letter.is_whole];
    return {
      ...{ id: `${this.prefix}.${letter._id.slice(this.storedIdOf('').length)}`, service, name, reader: letter.consumer },
      ...{ kind: isCommand ? 'command' : 'event', tenant: tenantOf(letter) },
      ...{ reason: letter.reason, detail: letter.problem.detail, since: letter.received_at.toISOString() },
      ...{ payload_bytes: letter.payload_bytes, state: letter.is_done ? 'replayed' : 'dead', replays: letter.replays ?? 0 },
      ...{ replayed_at: letter.replayed_at?.toISOString() ?? null, can_replay: canReplay },
      replay: canReplay ? meaningOf(name, isCommand) : lacking(letter),
    };
  }

  private storedIdOf(id: string): string {
    return `${this.parts.consumer}.${id}`;
  }
}

function meaningOf(name: string, isCommand: boolean): string {
  if (name === 'createJob') return 'Makes the job, under the key of the message: one that an earlier try made is not made again.';
  if (isCommand) return 'Carries the command out as if it came now: what stands otherwise by now is left as it is.';
  return 'Takes the event in as if it came now: what is known of it already stays as it is.';
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
