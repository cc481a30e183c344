import { Bus, type BusOptions } from '@kintsugi/messaging';
import { endOnSignals, endWithSupervisor, noteStarted, noteStopped } from './process-end.js';

/** What else ends it than its host. */
export interface Endings {
  onSignals: boolean;
  withSupervisor: boolean;
}

export interface LifetimeParts {
  startUp: () => Promise<void>;
  /** Called once the start is over, however it ended. */
  shutDown: () => Promise<void>;
  /** What is said to whoever starts it after it was stopped. */
  isOver: string;
}

/** How long something serves in its host's process: it starts once and stops once, whoever asks and however often. */
export class Lifetime<Server extends { stop(): Promise<void> }> {
  private readonly connecting = new AbortController();
  private starting: Promise<Server> | null = null;
  private stopping: Promise<void> | null = null;

  constructor(
    private readonly server: Server,
    private readonly parts: LifetimeParts,
  ) {}

  /** Whether what it serves is settled. */
  get hasBegun(): boolean {
    return this.starting !== null || this.stopping !== null;
  }

  start(): Promise<Server> {
    if (this.stopping) return Promise.reject(new Error(this.parts.isOver));
    this.starting ??= this.begin().catch((error: unknown) => {
      this.starting = null;
      throw error;
    });
    return this.starting;
  }

  /** Gives up a start that waits for NATS. */
  stop(): Promise<void> {
    this.stopping ??= this.end().finally(() => noteStopped(this.server));
    return this.stopping;
  }

  /** The connection, as soon as there is one; null when this is stopped before. */
  async connect(options: BusOptions, endings: Endings): Promise<Bus | null> {
    noteStarted(this.server);
    if (endings.onSignals) endOnSignals();
    if (endings.withSupervisor) endWithSupervisor();
    try {
      return await Bus.connect({ ...options, signal: this.connecting.signal });
    } catch (error) {
      if (this.connecting.signal.aborted) return null;
      noteStopped(this.server);
      throw error;
    }
  }

  private async begin(): Promise<Server> {
    await this.parts.startUp();
    return this.server;
  }

  private async end(): Promise<void> {
    this.connecting.abort();
    await this.starting?.catch(() => undefined);
    await this.parts.shutDown();
  }
}
