import { ProblemError } from '@kintsugi/contracts';
import type { Metrics } from '@kintsugi/observability';
import { FairShares, type Place } from './domain/fair-shares.js';

/** What is shared, as the metrics call it and as people do. */
const kinds = {
  upload: 'uploads',
  event_stream: 'event streams',
  topic_stream: 'topic streams',
  log_stream: 'log streams',
} as const;

export type SharedKind = keyof typeof kinds;

/** Fair shares whose state and refusals are counted. */
export class MeteredShares {
  private readonly shares: FairShares;

  constructor(
    private readonly kind: SharedKind,
    private readonly placesMax: number,
    private readonly metrics: Metrics,
  ) {
    this.shares = new FairShares(placesMax);
    this.tell();
  }

  /** @param onTaken called with what to tell whoever loses its place to another */
  take(holder: string, onTaken: (problem: ProblemError) => void): Place {
    const place = this.shares.take(holder, () => {
      this.count('share');
      onTaken(this.refusal('This one was ended for another caller, which held fewer of them.'));
    });
    if (!place) {
      this.count('full');
      throw this.refusal(`${holder} holds its share of them.`);
    }
    this.tell();
    return {
      release: () => {
        place.release();
        this.tell();
      },
    };
  }

  /** One was ended because its other side did not keep up. */
  countSlow(): void {
    this.count('slow');
  }

  private refusal(why: string): ProblemError {
    const most = `This gateway takes ${this.placesMax} ${kinds[this.kind]} at once, shared by all callers alike.`;
    return new ProblemError('OVERLOADED', `${most} ${why} Try again.`, { retry_after: 1 });
  }

  private tell(): void {
    this.metrics.set('kintsugi_gateway_places_held', this.shares.held, { kind: this.kind });
  }

  private count(reason: 'full' | 'share' | 'slow'): void {
    this.metrics.count('kintsugi_gateway_places_refused_total', { kind: this.kind, reason });
  }
}
