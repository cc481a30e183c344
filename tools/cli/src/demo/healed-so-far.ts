import type { Client } from '@kintsugi/client';

const everyMs = 1_000;

/** Counts, while a job runs, the tasks that had failed and have succeeded since. */
export class HealedSoFar {
  private count = 0;
  private asking = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly client: Client,
    private readonly jobId: string,
  ) {
    this.timer = setInterval(() => void this.ask(), everyMs);
  }

  get value(): number {
    return this.count;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      const { items } = await this.client.listErrorGroups({ job_id: this.jobId });
      this.count = items.reduce((sum, { by_status }) => sum + by_status.recovered, 0);
    } catch {
      // The count is only shown on the way; the next answer will do.
    } finally {
      this.asking = false;
    }
  }
}
