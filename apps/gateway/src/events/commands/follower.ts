import type { EventName } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { eventFrame, type Frame } from '../domain/event-frame.js';

/** Where a client's frames go. */
export interface Outlet {
  /** False when the client reads too slowly to be sent more. */
  send(frame: string): boolean;
  /** Whether it is better to wait until it has drained. */
  readonly isFull: boolean;
  /** Resolves when what was sent is on its way, or when the client is gone. */
  drained(): Promise<void>;
  /** For how long the client has taken nothing although something waits for it, as far as is known since this was last asked. */
  stalledMs(nowMs: number): number;
  /** Sends what is left and closes. */
  end(): void;
  /** Closes at once. */
  cut(): void;
}

/** Who follows which job. */
export interface FollowedBy {
  jobId: string;
  isStillAdmitted: () => Promise<boolean>;
  origin: Origin;
}

/** An event of the stream, ready to be sent. */
export interface EventFrame {
  sequence: number;
  name: EventName;
  frame: string;
}

/** After these nothing more will ever happen to a job; a failed one may still recover. */
const lastEvents: readonly EventName[] = ['job.completed', 'job.cancelled'];

/** Characters that may wait for a client that is being brought up to date. */
const heldLengthMax = 4 * 1024 * 1024;

/**
 * One client that follows one job.
 * Holding: from the start until its snapshot or replay has been sent; what happens meanwhile waits, in order.
 * Live: each event is passed on as it comes, once, by its place in the stream.
 * Over: the job has ended for good, the client went away, or it read too slowly.
 */
export class Follower {
  private readonly held: EventFrame[] = [];
  private heldLength = 0;
  private phase: 'holding' | 'live' | 'over' = 'holding';
  private cursor = 0;

  constructor(
    private readonly who: FollowedBy,
    private readonly outlet: Outlet,
    private readonly onOver: () => void,
  ) {}

  get jobId(): string {
    return this.who.jobId;
  }

  get origin(): Origin {
    return this.who.origin;
  }

  isStillAdmitted(): Promise<boolean> {
    return this.who.isStillAdmitted();
  }

  get over(): boolean {
    return this.phase === 'over';
  }

  /** An event of the job from the stream. Those that the client has already are left out. */
  pass(event: EventFrame): void {
    if (this.phase === 'over') return;
    if (this.phase === 'live') {
      this.deliver(event);
      return;
    }
    this.heldLength += event.frame.length;
    if (this.heldLength > heldLengthMax) this.finish('cut');
    else this.held.push(event);
  }

  /** Events that the client has missed, at its own pace. They go before those that are held. */
  async replay(events: readonly EventFrame[]): Promise<void> {
    for (const event of events) {
      if (this.phase !== 'holding') return;
      this.deliver(event);
      await this.outlet.drained();
    }
  }

  /** Something that is told beside the events of the stream. */
  tell(frame: Frame): void {
    if (this.phase !== 'over') this.write(eventFrame(frame));
  }

  /** A sign of life. Tells for how long the client has taken nothing of what waits for it. */
  beat(frame: string, nowMs: number): number {
    if (this.phase === 'live') this.write(frame);
    return this.outlet.stalledMs(nowMs);
  }

  /** Up to this place the client knows everything; from now on events go straight to it. */
  goLive(cursor: number): void {
    if (this.phase !== 'holding') return;
    this.cursor = Math.max(this.cursor, cursor);
    this.phase = 'live';
    for (const event of this.released()) this.deliver(event);
  }

  /** Back to holding: the stream was lost, and the client gets a fresh snapshot. */
  hold(): void {
    if (this.phase === 'over') return;
    this.phase = 'holding';
    this.cursor = 0;
    this.released();
  }

  /** Nothing more will happen: says so and closes. */
  end(): void {
    this.tell({ event: 'end', data: { job_id: this.jobId } });
    this.finish('end');
  }

  /** @param how `end` lets what was sent arrive, `cut` does not wait for the client */
  finish(how: 'end' | 'cut'): void {
    if (this.phase === 'over') return;
    this.phase = 'over';
    this.released();
    if (how === 'end') this.outlet.end();
    else this.outlet.cut();
    this.onOver();
  }

  private deliver({ sequence, name, frame }: EventFrame): void {
    if (this.over || sequence <= this.cursor) return;
    this.cursor = sequence;
    this.write(frame);
    if (lastEvents.includes(name)) this.end();
  }

  private write(frame: string): void {
    if (!this.outlet.send(frame)) this.finish('cut');
  }

  private released(): EventFrame[] {
    this.heldLength = 0;
    return this.held.splice(0);
  }
}
