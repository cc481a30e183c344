import { setTimeout as delay } from 'node:timers/promises';
import type { Submission } from '../../system/system-under-test.js';
import type { CountedWork } from './counted-work.js';

/** Tasks of one job that is added, and how many may be worked off until more are. */
const addedTasks = 300_000;
/** A system that is asked sooner again gives no count. */
const askEveryMs = 300;

/** Tasks that wait, of which no fewer are ready than were asked for as long as it is filled up. */
export class ReadyBacklog {
  private constructor(
    private readonly work: CountedWork,
    private readonly tasks: number,
    private whole: Submission,
  ) {}

  /** Accepted whole. */
  static async of(work: CountedWork, tasks: number): Promise<ReadyBacklog> {
    return new ReadyBacklog(work, tasks, await work.submit('backlog', tasks));
  }

  /** Accepts more until there is enough to work off. */
  async fillUp(): Promise<void> {
    for (let left = await this.unfinished(); left < this.tasks + addedTasks; left = await this.unfinished()) {
      const { receipts, accepted } = await this.work.submit('backlog', addedTasks);
      const { whole } = this;
      this.whole = { ...whole, accepted: whole.accepted + accepted, receipts: [...whole.receipts, ...receipts] };
    }
  }

  /** @throws where fewer are left than were asked for */
  async check(): Promise<void> {
    const left = await this.unfinished();
    if (left < this.tasks) throw new Error(`Only ${left} tasks were left beside the urgent ones: their wait says nothing.`);
  }

  ended(): Promise<void> {
    return this.work.ended('backlog', this.whole);
  }

  private async unfinished(): Promise<number> {
    await delay(askEveryMs);
    return (await this.work.system.recordedOf('backlog', this.whole)).unfinished;
  }
}
