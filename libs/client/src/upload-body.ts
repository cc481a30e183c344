import type { CreateJobInput, TaskInput } from '@kintsugi/contracts';

/** A task, or text that holds task lines already: one or many, each on a line of its own. */
export type TaskOrLines = TaskInput | string;

export interface UploadProgress {
  /** Tasks that have been handed to the network. */
  tasks: number;
  bytes: number;
}

type AnyIterable<Item> = Iterable<Item> | AsyncIterable<Item>;

/** Text is gathered up to about this many characters before it is sent. */
const pieceLength = 64 * 1024;

/** An upload as NDJSON: the head, then a line a task, taken from the source no faster than they are sent. */
export class UploadBody {
  readonly stream: ReadableStream<Uint8Array>;
  private readonly pieces: AsyncGenerator<Uint8Array, undefined>;
  private stopped = false;
  private sourceFault: { error: unknown } | null = null;

  constructor(
    job: Partial<Omit<CreateJobInput, 'tasks'>>,
    tasks: AnyIterable<TaskOrLines>,
    onProgress: (progress: UploadProgress) => void = () => undefined,
  ) {
    this.pieces = piecesOf(job, tasks, onProgress);
    this.stream = new ReadableStream<Uint8Array>(
      { pull: (controller) => this.pull(controller), cancel: () => this.stop() },
      { highWaterMark: 1 },
    );
  }

  /** What the source itself threw; fetch would tell only that it failed. */
  throwSourceFault(): void {
    if (this.sourceFault) throw this.sourceFault.error;
  }

  /** Takes nothing more from the source: fetch goes on reading a body whose answer has come or whose signal was aborted. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.pieces.return(undefined);
  }

  private async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (this.stopped) {
      controller.close();
      return;
    }
    try {
      const { done, value } = await this.pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    } catch (error) {
      this.sourceFault = { error };
      controller.error(error);
    }
  }
}

async function* piecesOf(
  job: Partial<Omit<CreateJobInput, 'tasks'>>,
  tasks: AnyIterable<TaskOrLines>,
  onProgress: (progress: UploadProgress) => void,
): AsyncGenerator<Uint8Array, undefined> {
  const encoder = new TextEncoder();
  const progress: UploadProgress = { tasks: 0, bytes: 0 };
  let text = `${JSON.stringify({ action: 'createJob', data: job })}\n`;
  let waiting = 0;
  const take = (): Uint8Array => {
    const bytes = encoder.encode(text);
    progress.tasks += waiting;
    progress.bytes += bytes.length;
    text = '';
    waiting = 0;
    return bytes;
  };
  for await (const item of tasks) {
    const lines = typeof item === 'string' ? withLineEnd(item) : `${JSON.stringify(item)}\n`;
    text += lines;
    waiting += typeof item === 'string' ? linesIn(lines) : 1;
    if (text.length < pieceLength) continue;
    yield take();
    onProgress({ ...progress });
  }
  if (text !== '') {
    yield take();
    onProgress({ ...progress });
  }
  return undefined;
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function linesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
