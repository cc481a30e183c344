import type { Deletion, Deletions } from './deletions.js';

/** What was asked to be deleted, without a database, for specs. */
export class DeletionsInMemory implements Deletions {
  private readonly stored = new Map<string, Deletion & { done: boolean }>();

  async add(deletion: Deletion): Promise<void> {
    if (!this.stored.has(deletion.id)) this.stored.set(deletion.id, { ...deletion, done: false });
  }

  async unfinished(afterId: string, limit: number): Promise<Deletion[]> {
    const open = [...this.stored.values()].filter(({ id, done }) => !done && id > afterId);
    const oldest = open.sort((one, other) => (one.id < other.id ? -1 : 1)).slice(0, limit);
    return oldest.map(({ done: _done, ...deletion }) => deletion);
  }

  async leaveOut(id: string, jobIds: readonly string[]): Promise<void> {
    const known = this.stored.get(id);
    if (known) known.jobIds = known.jobIds.filter((jobId) => !jobIds.includes(jobId));
  }

  async noteDone(id: string): Promise<void> {
    const known = this.stored.get(id);
    if (known) known.done = true;
  }

  async has(jobId: string): Promise<boolean> {
    return [...this.stored.values()].some(({ jobIds }) => jobIds.includes(jobId));
  }
}
