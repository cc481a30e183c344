import { Inject, Injectable } from '@nestjs/common';
import {
  BodyScan,
  createJobSchema,
  jobHeadSchema,
  limits,
  receivedBody,
  validate,
  type BodyShape,
  type JobHead,
} from '@kintsugi/contracts';
import { SETTINGS, TasksDigest, Turns, atOnce, atOnceBytesMax } from '@kintsugi/hosting';
import type { JobServiceSettings } from '../job-service.config.js';
import { KnownHeads } from './domain/known-heads.js';

/** A job as it came in: its head, and the lines that stand for its tasks; none where a plan is to make them. */
export interface IncomingJob {
  head: JobHead;
  lines: string[] | null;
  /** Tells its tasks from others; empty where there is no need to. */
  tasksDigest: string;
}

const shapeOfData: BodyShape = { listAt: ['tasks'], root: 'data', restBytesMax: limits.bodyRestBytes };
const sliceBytes = 64 * 1024;

/**
 * Reads the jobs that others send as JSON. The tasks are checked and stay the text they came as; of a large one a slice is looked at
 * in each turn of the loop.
 */
@Injectable()
export class IncomingJobs {
  private readonly heads: KnownHeads;

  constructor(
    private readonly turns: Turns,
    @Inject(SETTINGS) private readonly settings: Pick<JobServiceSettings, 'INEXACT_NUMBERS'>,
  ) {
    this.heads = new KnownHeads(settings.INEXACT_NUMBERS);
  }

  /**
   * @param keyed whether it has a key by which it may come again, beside one in its data
   * @param root what the paths in problems begin with
   */
  async read(bytes: Uint8Array, keyed: boolean, root = shapeOfData.root): Promise<IncomingJob> {
    const isShort = bytes.length <= atOnceBytesMax;
    const known = isShort && !keyed ? this.heads.read(bytes) : null;
    if (known) return { head: known.head, lines: [known.line], tasksDigest: '' };
    const reading = this.reading(bytes, keyed, root === shapeOfData.root ? shapeOfData : { ...shapeOfData, root });
    return isShort ? atOnce(reading) : this.turns.run(reading);
  }

  private *reading(bytes: Uint8Array, keyed: boolean, shape: BodyShape): Generator<undefined, IncomingJob> {
    const scan = new BodyScan(shape);
    for (let start = 0; start < bytes.length; start += sliceBytes) {
      if (start > 0) yield;
      scan.push(bytes.subarray(start, start + sliceBytes));
    }
    const { rest, tasks } = receivedBody(bytes, scan, shape);
    if (!tasks || tasks.count === 0) return { head: validate(createJobSchema, rest, shape.root), lines: null, tasksDigest: '' };
    // With tasks there is a list in the data, which is empty, and which the contract would refuse.
    const { tasks: _, ...fields } = rest as Record<string, unknown>;
    const head = validate(jobHeadSchema, fields, shape.root);
    const digest = keyed || head.idempotency_key !== undefined ? new TasksDigest(this.settings.INEXACT_NUMBERS) : null;
    const lines: string[] = [];
    if (scan.bytes > sliceBytes) yield;
    yield* tasks.checked(this.settings.INEXACT_NUMBERS, (line, task) => {
      lines.push(line);
      digest?.add(line, task);
    });
    const maySayItAgain = lines.length === 1 && !digest && bytes.length <= atOnceBytesMax;
    if (maySayItAgain) this.heads.learn(bytes, scan.listStart, scan.listEnd, head);
    return { head, lines, tasksDigest: digest?.digest() ?? '' };
  }
}
