import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { Store, duplicatesIn, durable } from '@kintsugi/persistence';
import { Leader } from '../../platform/leader.js';
import type { KeptStep, StepHead, StepPlace } from '../kept-step.js';
import type { StepRecord } from '../step-record.js';

export const stepCollection = 'steps';

/** A step as it is stored, under the id of its task and its sequence. */
interface StepDocument {
  _id: string;
  name: string;
  fence: number;
  attempt: number;
  started_at: number;
  took_us: number;
  result: string;
}

/** The steps of tasks in MongoDB. Nearly all are written once: one is inserted, and written over what an earlier lease has left there. */
@Injectable()
export class StepStore implements StepRecord {
  private readonly steps: Collection<StepDocument>;

  constructor(
    store: Store,
    private readonly leader: Leader,
  ) {
    this.steps = store.collection<StepDocument>(stepCollection);
  }

  async write(steps: readonly KeptStep[]): Promise<void> {
    await this.leader.assertLeading();
    const documents = steps.map(documentOf);
    const taken = await this.insert(documents);
    if (taken.length > 0) {
      const replacements = taken.map((replacement) => ({
        replaceOne: { filter: { _id: replacement._id, fence: { $lte: replacement.fence } }, replacement },
      }));
      await this.steps.bulkWrite(replacements, { ordered: true, ...durable });
    }
    // A replica that no longer leads may not say that something is kept.
    await this.leader.assertLeading();
  }

  async heads(taskIds: readonly string[]): Promise<StepHead[]> {
    if (taskIds.length === 0) return [];
    const documents = await this.steps
      .find({ $or: taskIds.map(ofTask) })
      .project<Omit<StepDocument, 'result'>>({ result: 0 })
      .sort({ _id: 1 })
      .toArray();
    return documents.map(headFrom);
  }

  async read(places: readonly StepPlace[]): Promise<KeptStep[]> {
    const ids = places.map(idOf);
    const found = await this.steps.find({ _id: { $in: ids } }).toArray();
    const kept = new Map(found.map((document) => [document._id, { ...headFrom(document), result: document.result }]));
    return ids.flatMap((id) => kept.get(id) ?? []);
  }

  async removeOfJob(jobId: string): Promise<void> {
    await this.leader.assertLeading();
    const first = `task_${jobId.slice(4)}`;
    // A slash comes just after the dot.
    await this.steps.deleteMany({ _id: { $gt: `${first}.`, $lt: `${first}/` } }, durable);
  }

  async removeOfTasks(taskIds: readonly string[]): Promise<void> {
    if (taskIds.length === 0) return;
    await this.leader.assertLeading();
    await this.steps.deleteMany({ $or: taskIds.map(ofTask) }, durable);
  }

  /** Gives those whose places were taken. */
  private async insert(documents: readonly StepDocument[]): Promise<StepDocument[]> {
    try {
      await this.steps.insertMany(documents, { ordered: false, ...durable });
      return [];
    } catch (error) {
      return duplicatesIn(error).map(({ index }) => documents[index] as StepDocument);
    }
  }
}

/** A digit comes just after the slash that ends the id of a task. */
function ofTask(taskId: string): { _id: { $gt: string; $lt: string } } {
  return { _id: { $gt: `${taskId}/`, $lt: `${taskId}0` } };
}

function idOf({ taskId, sequence }: StepPlace): string {
  return `${taskId}/${String(sequence).padStart(3, '0')}`;
}

function documentOf({ name, fence, attempt, startedAt, tookUs, result, ...place }: KeptStep): StepDocument {
  return { _id: idOf(place), name, fence, attempt, started_at: startedAt, took_us: tookUs, result };
}

function headFrom({ _id, name, fence, attempt, started_at: startedAt, took_us: tookUs }: Omit<StepDocument, 'result'>): StepHead {
  const slash = _id.indexOf('/');
  const sequence = Number(_id.slice(slash + 1));
  return { taskId: _id.slice(0, slash), sequence, name, fence, attempt, startedAt, tookUs };
}
