import type { Client } from '@kintsugi/client';
import type { CommandResult, LogLine, Task } from '@kintsugi/contracts';
import type { Output } from '../terminal/output.js';
import { harmless } from '../terminal/text-width.js';
import { tasksOf } from './tasks-of.js';

type Stream = 'stdout' | 'stderr';

/** What one run has been shown to write to one stream. */
interface Shown {
  /** Its beginning, as far as a result could hold it. */
  text: string;
  bytes: number;
}

/** No result holds more. */
const textMax = 32 * 1024;
/** Escapes of colours stay, as in the result of a command. */
const controlCharacters = /[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]/g;

/**
 * Passes on what the commands of a job write, while they write it. What has not come by the end of the job is in the results
 * of short commands; of long ones the log is read to its end.
 */
export class LiveOutput {
  private readonly shown = new Map<string, Shown>();
  private names = new Map<string, string>();
  private lastOf: string | null = null;
  private readonly ending = new AbortController();
  private reading: Promise<void> | null = null;

  constructor(
    private readonly client: Client,
    private readonly jobId: string,
    private readonly output: Output,
    /** Lines of several commands say whose they are. */
    private readonly areMany: boolean,
  ) {}

  start(): void {
    // With --json the text is a part of the outcome.
    if (!this.output.json) this.reading = this.follow();
  }

  /** Shows the rest of what ended tasks have written. */
  async finish(tasks: readonly Task[]): Promise<void> {
    if (!this.reading) return;
    if (tasks.every((task) => this.isWhole(task))) this.ending.abort();
    // It ends by itself some seconds after the job.
    await this.reading;
    for (const task of tasks) for (const stream of ['stdout', 'stderr'] as const) this.showRest(task, stream);
  }

  private async follow(): Promise<void> {
    try {
      if (this.areMany) await this.learnNames();
      for await (const lines of this.client.followLog(this.jobId, {}, { signal: this.ending.signal })) {
        for (const line of lines) this.show(line);
      }
    } catch {
      // Given up, or the log cannot be read: the results of the tasks say what they wrote.
    }
  }

  private async learnNames(): Promise<void> {
    for (const { id, key } of await tasksOf(this.client, this.jobId)) this.names.set(id, key ?? id);
  }

  private show({ task_id: taskId, attempt, stream, text, partial }: LogLine): void {
    if (stream === 'log') return;
    if (stream === 'note') return this.output.pass('stderr', `${text}\n`);
    const written = withSigns(partial ? text : `${text}\n`);
    const shown = this.shownOf(taskId, attempt, stream);
    shown.bytes += Buffer.byteLength(written);
    if (shown.text.length < textMax) shown.text += written;
    this.say(taskId, stream, written);
  }

  private say(taskId: string, stream: Stream, text: string): void {
    if (this.areMany && this.lastOf !== taskId) this.output.pass('stderr', `${harmless(this.names.get(taskId) ?? taskId)}:\n`);
    this.lastOf = taskId;
    this.output.pass(stream, text);
  }

  private shownOf(taskId: string, attempt: number, stream: Stream): Shown {
    const key = `${taskId} ${attempt} ${stream}`;
    const shown = this.shown.get(key) ?? { text: '', bytes: 0 };
    this.shown.set(key, shown);
    return shown;
  }

  private isWhole({ id, attempts, result }: Task): boolean {
    const said = result as CommandResult | null;
    if (said === null) return true;
    return (['stdout', 'stderr'] as const).every((stream) => {
      const shown = this.shownOf(id, attempts, stream);
      const isInResult = said[`${stream}_dropped_bytes`] === 0 && said[stream].startsWith(shown.text);
      return isInResult || shown.bytes >= said[`${stream}_bytes`];
    });
  }

  private showRest({ id, attempts, result }: Task, stream: Stream): void {
    const said = result as CommandResult | null;
    if (said === null || said[`${stream}_dropped_bytes`] > 0) return;
    const { text } = this.shownOf(id, attempts, stream);
    if (said[stream].startsWith(text) && said[stream].length > text.length) this.say(id, stream, said[stream].slice(text.length));
  }
}

function withSigns(text: string): string {
  return text.replace(controlCharacters, (character) => {
    const code = character.charCodeAt(0);
    return code === 0x7f ? '\u2421' : String.fromCharCode(0x2400 + code);
  });
}
