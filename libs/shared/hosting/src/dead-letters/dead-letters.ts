import {
  ProblemError,
  behindPlace,
  deadLetterPlaceIn,
  newestDeadLetters,
  type ActionRequest,
  type Actor,
  type DeadLetterDetails,
  type DeadLetterPage,
  type DeadLetterView,
  type ReplayedDeadLetter,
} from '@kintsugi/contracts';
import type { ListPlace } from '@kintsugi/persistence';

const shownMax = 16 * 1024;

export interface DeadLetterSearch {
  reason: string | undefined;
  /** Only what is this tenant's; null: all. */
  tenant: string | null;
  /** Only what stands behind this, whose id is as it is stored. */
  behind: ListPlace | undefined;
  limit: number;
}

/** Where dead letters of one kind are kept. Ids are without the prefix. */
export abstract class DeadLetterSource {
  /** What ids of its letters begin with. */
  abstract readonly prefix: string;
  /** Newest first, and of one moment by id. */
  abstract newest(search: DeadLetterSearch): Promise<DeadLetterView[]>;
  /** Null where there is none that the actor may know of. */
  abstract find(id: string, actor: Actor): Promise<DeadLetterDetails | null>;
  /** One that was replayed with success is not again. Rejects where it cannot be, for the reason that its view tells. */
  abstract replay(id: string): Promise<ReplayedDeadLetter>;
  abstract discard(id: string): Promise<void>;
  /** What a letter is stored under. */
  abstract storedIdOf(id: string): string;
}

/** As much of what a dead letter says as is shown of it. */
export function shownPayload(text: string): Pick<DeadLetterDetails, 'payload' | 'payload_is_whole'> {
  const payload = text.slice(0, shownMax);
  return { payload, payload_is_whole: payload === text };
}

/** What a service could not handle: shown, replayed and discarded. */
export class DeadLetters {
  constructor(private readonly sources: readonly DeadLetterSource[]) {}

  async list({ reason, limit, cursor }: ActionRequest<'listJobDeadLetters'>, { tenant }: Actor): Promise<DeadLetterPage> {
    const place = deadLetterPlaceIn(cursor);
    const lists = await Promise.all(
      this.sources.map((source) => {
        const id = place && behindPlace(source.prefix, place);
        const behind = place ? { since: place.since, id: id === null ? null : source.storedIdOf(id) } : undefined;
        return source.newest({ reason, tenant, behind, limit: limit + 1 });
      }),
    );
    return newestDeadLetters(lists, limit);
  }

  async get(id: string, actor: Actor): Promise<DeadLetterDetails> {
    return (await this.find(id, actor)).letter;
  }

  async replay(id: string, actor: Actor): Promise<ReplayedDeadLetter> {
    const { source, own } = await this.find(id, actor);
    return source.replay(own);
  }

  async discard(id: string, actor: Actor): Promise<{ id: string }> {
    const { source, own } = await this.find(id, actor);
    await source.discard(own);
    return { id };
  }

  private async find(id: string, actor: Actor): Promise<{ source: DeadLetterSource; own: string; letter: DeadLetterDetails }> {
    const source = this.sources.find(({ prefix }) => id.startsWith(`${prefix}.`));
    const own = source ? id.slice(source.prefix.length + 1) : '';
    const letter = await source?.find(own, actor);
    if (source && letter) return { source, own, letter };
    throw new ProblemError(
      'DEAD_LETTER_NOT_FOUND',
      `There is no dead letter ${id}. They are listed by \`kintsugi dead-letters list\`, for thirty days.`,
    );
  }
}
