import type { EventName } from '@kintsugi/contracts';
import { EventGroup, type Bus, type GroupedEvent } from '@kintsugi/messaging';

const lingerMs = 60_000;

export interface KeptEventsSettings {
  /** Of the group in the broker. */
  name: string;
  events: readonly EventName[];
  onError: (error: unknown) => void;
}

/** Events that are read only while somebody has a use for them: otherwise the broker keeps none for us. */
export class KeptEvents {
  private reading: EventGroup | null = null;
  private noneSince: number | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly settings: KeptEventsSettings,
  ) {}

  /** From here on no event is missed, though nobody reads yet. */
  async keep(): Promise<void> {
    await this.groupOf(() => Promise.resolve()).prepare();
  }

  /** Reads while they are wanted, and a while longer: somebody may begin to want them again at this very moment. */
  async listen(isWanted: boolean, onEvent: (event: GroupedEvent) => Promise<void>): Promise<void> {
    this.noneSince = isWanted ? null : (this.noneSince ?? Date.now());
    if (this.noneSince === null) this.read(onEvent);
    else if (Date.now() - this.noneSince > lingerMs) await this.forget();
  }

  async stop(): Promise<void> {
    const { reading } = this;
    this.reading = null;
    await reading?.stop();
  }

  private read(onEvent: (event: GroupedEvent) => Promise<void>): void {
    if (this.reading) return;
    this.reading = this.groupOf(onEvent);
    this.reading.start();
  }

  /** Nothing is kept any more. */
  private async forget(): Promise<void> {
    const { reading } = this;
    await this.stop();
    await reading?.remove();
  }

  private groupOf(onEvent: (event: GroupedEvent) => Promise<void>): EventGroup {
    return new EventGroup(this.bus, { ...this.settings, onEvent });
  }
}
