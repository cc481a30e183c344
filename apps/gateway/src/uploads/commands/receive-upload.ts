import { randomInt } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { inBackground } from '@kintsugi/boundary';
import { ProblemError, jobIdOf, type JobHead, type JobReceipt } from '@kintsugi/contracts';
import type { Backend } from '../../nats/backend.js';
import { LineSplitter, type Line } from '../domain/line-splitter.js';
import type { TaskChunk } from '../domain/task-chunks.js';
import { TaskIntake } from '../domain/task-intake.js';
import { StagedUpload } from './staged-upload.js';
import type { UploadSlots } from './upload-slots.js';

/** The bytes of an upload, piece by piece. */
export interface Pieces {
  next(): Promise<Buffer | null>;
}

/** Begins to read an upload, until its end or until it is ended. */
export type OpenPieces = (ended: AbortSignal) => Pieces;

/** Makes the job's head of an upload's first line. */
export type ReadHead = (line: Line) => JobHead;

/**
 * Makes a job of an upload: a head line, then a line for each task. The lines are checked and staged while they arrive, in
 * bounded memory; the job exists once the last one has been staged and the upload is committed, and not before.
 */
export class ReceiveUpload {
  constructor(
    private readonly backend: Backend,
    private readonly slots: UploadSlots,
  ) {}

  /** @param sender holds the place that the upload takes */
  execute(sender: string, openPieces: OpenPieces, readHead: ReadHead, requestId: string): Promise<JobReceipt> {
    return this.slots.hold(sender, async (ended) => {
      const upload = new StagedUpload(this.backend, jobIdOf(uuidv7()), requestId);
      let head: JobHead;
      try {
        head = await stageLines(openPieces(ended), readHead, upload);
      } catch (error) {
        inBackground('staged-upload.abandon', () => upload.abandon());
        throw error;
      }
      return upload.commit(head);
    });
  }
}

async function stageLines(pieces: Pieces, readHead: ReadHead, upload: StagedUpload): Promise<JobHead> {
  const full: TaskChunk[] = [];
  const intake = new TaskIntake(randomInt(2 ** 32), (chunk) => full.push(chunk));
  const heads: JobHead[] = [];
  let lastLine = 1;
  const splitter = new LineSplitter((line) => {
    lastLine = line.number;
    if (heads.length === 0) heads.push(readHead(line));
    else intake.takeLine(line);
  });
  const stageFull = async (): Promise<void> => {
    for (const chunk of full) await upload.stage(chunk);
    full.length = 0;
  };
  for (let piece = await pieces.next(); piece; piece = await pieces.next()) {
    splitter.push(piece);
    await stageFull();
  }
  splitter.end();
  const [head] = heads;
  if (!head) throw noHead();
  intake.end(`line ${lastLine + 1}`);
  await stageFull();
  return head;
}

function noHead(): ProblemError {
  return new ProblemError('VALIDATION_FAILED', 'line 1: the upload is empty. Nothing was accepted.', {
    errors: [{ path: 'line 1', rule: 'REQUIRED', got: 'nothing', allowed: '{"action":"createJob","data":{…}}' }],
  });
}
