import { after, every, inBackground } from '@kintsugi/boundary';
import {
  EventReader,
  applyTopology,
  eventStreamExtent,
  isStillThere,
  type Bus,
  type EventStreamExtent,
  type ReceivedEvent,
} from '@kintsugi/messaging';
import type { EventPlace } from '../domain/event-id.js';
import { canReplay } from '../domain/replay.js';
import { ReplayRoom } from '../domain/replay-room.js';

const watchIntervalMs = 5_000;
const replayTimeoutMs = 10_000;

/** Of both feeds of a gateway. */
const replayRoom = new ReplayRoom(8, 48 * 1024 * 1024);

/** What is wanted of missed events, and of how many characters at most. */
interface WantedFrames<Frame> {
  framesOf: (event: ReceivedEvent) => Frame[];
  lengthMax: number;
}

export interface EventHearer {
  onEvent: (event: ReceivedEvent) => void;
  /** The stream was made again or rolled back, and the new one is read by now: the numbers of before mean nothing any more. */
  onStreamLost: () => void;
  onFault: (error: unknown) => void;
}

/** One ordered reader of all events for all clients of a kind, open from the first of them to the last. */
export class SharedEventReader {
  private opening: Promise<EventReader> | null = null;
  private watchTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly hearer: EventHearer,
  ) {
    // A broker that comes back may have come back with other files.
    bus.onState((state) => {
      if (state === 'up' && this.watchTimer) inBackground('event-feed.reconnect', () => this.restartIfLost());
    });
  }

  /** From now on its events are heard. The extent says up to where the stream reached at that moment. */
  async open(): Promise<EventStreamExtent> {
    this.watchTimer ??= every('event-feed.watch', watchIntervalMs, () => this.restartIfLost());
    await this.opened();
    return eventStreamExtent(this.bus);
  }

  close(): void {
    if (this.watchTimer) clearInterval(this.watchTimer);
    this.watchTimer = null;
    const { opening } = this;
    this.opening = null;
    opening?.then((reader) => reader.close()).catch(() => undefined);
  }

  /**
   * Has `use` make something of what has followed a place up to the extent, as frames of it: null where the stream is another one by
   * now, or the frames are of more characters than the most or than there is room for, or they do not come in time.
   */
  async withMissed<Frame extends { frame: string }, Result>(
    lastSeen: EventPlace,
    extent: EventStreamExtent,
    wanted: WantedFrames<Frame>,
    use: (missed: Frame[] | null) => Promise<Result>,
  ): Promise<Result> {
    if (!canReplay(lastSeen.sequence, extent) || !(await this.knows(lastSeen))) return use(null);
    if (lastSeen.sequence >= extent.lastSequence) return use([]);
    const kept = { length: 0 };
    try {
      return await use(await this.read(lastSeen.sequence + 1, extent.lastSequence, wanted, kept));
    } finally {
      replayRoom.giveBack(kept.length);
    }
  }

  private async read<Frame extends { frame: string }>(
    from: number,
    to: number,
    { framesOf, lengthMax }: WantedFrames<Frame>,
    kept: { length: number },
  ): Promise<Frame[] | null> {
    const signal = AbortSignal.timeout(replayTimeoutMs);
    const end = await replayRoom.begin(signal);
    if (!end) return null;
    const missed: Frame[] = [];
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let isOver = false;
    try {
      const reader = await EventReader.open(this.bus, from, (event) => {
        // Those that are under way when it is over still come.
        if (isOver) return;
        for (const frame of event.sequence <= to ? framesOf(event) : []) {
          const { length } = frame.frame;
          if (kept.length + length > lengthMax || !replayRoom.keep(length)) return resolve(false);
          kept.length += length;
          missed.push(frame);
        }
        if (event.sequence >= to) resolve(true);
      });
      const timer = after('event-feed.replay', replayTimeoutMs, () => resolve(false));
      const isComplete = await promise;
      clearTimeout(timer);
      inBackground('event-feed.close', () => reader.close());
      return isComplete ? missed : null;
    } finally {
      isOver = true;
      end();
    }
  }

  /** Whether the stream is still the one that this place was read from, as far as that can be told. */
  private async knows({ sequence, takenMs }: EventPlace): Promise<boolean> {
    return takenMs === null || isStillThere(this.bus, { sequence, takenMs });
  }

  private async opened(): Promise<void> {
    const opening = (this.opening ??= this.openAnew());
    try {
      await opening;
    } catch (error) {
      if (this.opening === opening) this.opening = null;
      throw error;
    }
  }

  private async openAnew(): Promise<EventReader> {
    const open = (): Promise<EventReader> => EventReader.open(this.bus, 'end', this.hearer.onEvent);
    try {
      return await open();
    } catch {
      await applyTopology(this.bus);
      return open();
    }
  }

  private async restartIfLost(): Promise<void> {
    if (this.bus.state === 'down') return;
    const { opening } = this;
    try {
      // None while it could not be opened anew.
      const reader = await opening;
      if (reader && !(await this.hasLostItsStream(reader))) return;
      if (this.opening !== opening || !this.watchTimer) return;
      this.opening = null;
      inBackground('event-feed.close', () => reader?.close());
      await this.opened();
      this.hearer.onStreamLost();
    } catch (error) {
      this.hearer.onFault(error);
    }
  }

  private async hasLostItsStream(reader: EventReader): Promise<boolean> {
    try {
      return await reader.hasLostItsStream();
    } catch {
      await applyTopology(this.bus);
      return reader.hasLostItsStream();
    }
  }
}
