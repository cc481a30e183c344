import type { KeptStep, StepHead, StepPlace } from './kept-step.js';
import type { StepRecord } from './step-record.js';

/** The record of steps without a database, for specs: it keeps to the same promises as that in MongoDB. */
export class StepRecordInMemory implements StepRecord {
  readonly stored = new Map<string, KeptStep>();

  async write(steps: readonly KeptStep[]): Promise<void> {
    for (const step of steps) {
      const place = placeOf(step);
      const before = this.stored.get(place);
      if (!before || before.fence <= step.fence) this.stored.set(place, { ...step });
    }
  }

  async heads(taskIds: readonly string[]): Promise<StepHead[]> {
    const places = [...this.stored.keys()].filter((place) => taskIds.includes(place.slice(0, place.indexOf('/'))));
    return places.sort().map((place) => {
      const { result: _, ...head } = this.stored.get(place) as KeptStep;
      return head;
    });
  }

  async read(places: readonly StepPlace[]): Promise<KeptStep[]> {
    return places.flatMap((place) => this.stored.get(placeOf(place)) ?? []).map((step) => ({ ...step }));
  }

  async removeOfJob(jobId: string): Promise<void> {
    this.remove((place) => place.startsWith(`task_${jobId.slice(4)}.`));
  }

  async removeOfTasks(taskIds: readonly string[]): Promise<void> {
    this.remove((place) => taskIds.some((taskId) => place.startsWith(`${taskId}/`)));
  }

  private remove(isGone: (place: string) => boolean): void {
    for (const place of [...this.stored.keys()]) if (isGone(place)) this.stored.delete(place);
  }
}

function placeOf({ taskId, sequence }: StepPlace): string {
  return `${taskId}/${String(sequence).padStart(3, '0')}`;
}
