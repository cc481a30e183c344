import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { ProblemError, type InexactNumbers, type CreateJobAnswer, type JobHead } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { SETTINGS, TasksDigest, Turns, atOnceBytesMax } from '@kintsugi/hosting';
import type { GatewaySettings } from '../../gateway.config.js';
import type { Pieces } from '../../http/request-bodies.js';
import { LineSplitter, type Line } from '../domain/line-splitter.js';
import type { TaskChunk } from '../domain/task-chunks.js';
import { TaskIntake } from '../domain/task-intake.js';
import type { StagedUpload } from './staged-upload.js';
import { StagedUploads } from './staged-uploads.js';
import { UploadSlots } from './upload-slots.js';

/** Begins to read an upload, until its end or until it is ended. */
export type OpenPieces = (ended: AbortSignal) => Pieces;

/** Makes the job's head of an upload's first line. */
export type ReadHead = (line: Line) => JobHead;

/** Who sends an upload. */
export interface SenderOfUpload {
  /** Holds the place that the upload takes. */
  name: string;
  origin: Origin;
  /** Whether its key is good still. */
  isStillAdmitted: () => Promise<boolean>;
}

/**
 * Makes a job of an upload: a head line, then a line for each task. The lines are checked and staged while they arrive, in
 * bounded memory; the job exists once the last one has been staged and the upload is committed, and not before.
 */
@Injectable()
export class ReceiveUpload {
  constructor(
    private readonly staged: StagedUploads,
    private readonly slots: UploadSlots,
    private readonly turns: Turns,
    @Inject(SETTINGS) private readonly settings: Pick<GatewaySettings, 'INEXACT_NUMBERS'>,
  ) {}

  execute(
    { name, origin, isStillAdmitted }: SenderOfUpload,
    openPieces: OpenPieces,
    readHead: ReadHead,
  ): Promise<CreateJobAnswer> {
    return this.slots.hold(name, async (ended) => {
      const upload = this.staged.begin(origin, ended);
      let received: Received;
      try {
        received = await this.stageLines(openPieces(ended), readHead, upload);
        // It may have taken an hour.
        if (!(await isStillAdmitted())) throw noLongerAdmitted();
      } catch (error) {
        inBackground('staged-upload.abandon', () => upload.abandon());
        throw error;
      }
      return upload.commit(received.head, received.digest?.digest() ?? '');
    });
  }

  private async stageLines(pieces: Pieces, readHead: ReadHead, upload: StagedUpload): Promise<Received> {
    const { turns } = this;
    const { INEXACT_NUMBERS: numbers } = this.settings;
    const full: TaskChunk[] = [];
    const intake = new TaskIntake(randomInt(2 ** 32), numbers, (chunk) => full.push(chunk));
    const begun: Received[] = [];
    let lastLine = 1;
    const splitter = new LineSplitter((line) => {
      lastLine = line.number;
      const [received] = begun;
      if (!received) {
        const head = readHead(line);
        upload.staysHere = head.validate_only === true;
        begun.push(receivedOf(head, numbers));
      } else {
        const task = intake.takeLine(line);
        received.digest?.add(line.text, task);
      }
    });
    const stageFull = async (): Promise<void> => {
      for (const chunk of full) await upload.stage(chunk);
      full.length = 0;
    };
    for (let piece = await pieces.next(); piece; piece = await pieces.next()) {
      // A piece may hold tens of thousands of lines.
      if (piece.length > atOnceBytesMax) await turns.next();
      splitter.push(piece);
      await stageFull();
    }
    splitter.end();
    const [received] = begun;
    if (!received) throw noHead();
    intake.end(`line ${lastLine + 1}`);
    await stageFull();
    return received;
  }
}

interface Received {
  head: JobHead;
  /** Of the tasks so far, where the job has an idempotency key that asks for it. */
  digest: TasksDigest | null;
}

function receivedOf(head: JobHead, numbers: InexactNumbers): Received {
  return { head, digest: head.idempotency_key === undefined ? null : new TasksDigest(numbers) };
}

function noLongerAdmitted(): ProblemError {
  return new ProblemError('UNAUTHENTICATED', 'The key of this upload is no longer good. Nothing was accepted.');
}

function noHead(): ProblemError {
  return new ProblemError('VALIDATION_FAILED', 'line 1: the upload is empty. Nothing was accepted.', {
    errors: [{ path: 'line 1', rule: 'REQUIRED', got: 'nothing', allowed: '{"action":"createJob","data":{…}}' }],
  });
}
