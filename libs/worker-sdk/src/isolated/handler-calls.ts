import { inBackground } from '@kintsugi/boundary';
import { limits, type JobDefinition } from '@kintsugi/contracts';
import type { ChildJobOf } from '../submit-child.js';
import type { ParentTask, TaskContext } from '../task-context.js';
import { NonRetryable } from '../task-error.js';
import type { FromHandler, ToHandler } from './handler-messages.js';
import { valueOfText, type JsonText } from './json-text.js';
import { errorOfTold, toldOfError } from './told-error.js';

type Call = Extract<FromHandler, { call: number }>;
type Tell = Extract<FromHandler, { tell: string }>;

/** Parents that travel in one message. */
const parentsMax = 100;

/** What a handler in another process asks its context for, carried out on the context that its task has here. */
export class HandlerCalls {
  private readonly works = new Map<number, { resolve: (result: JsonText) => void; reject: (error: unknown) => void }>();
  private readonly readings = new Map<number, AsyncIterator<ParentTask>>();

  constructor(
    private readonly context: TaskContext,
    private readonly send: (message: ToHandler) => void,
  ) {}

  take(message: Call | Tell | Extract<FromHandler, { worked: number }>): void {
    if ('tell' in message) this.tell(message);
    else if ('call' in message) inBackground('isolated.call', () => this.answer(message));
    else this.noteWorked(message);
  }

  private tell(message: Tell): void {
    const { context } = this;
    if (message.tell === 'log') context.log(...message.args);
    else if (message.tell === 'output') context.output(...message.args);
    else if (message.tell === 'progress') context.progress(...message.args);
    else if (message.tell === 'usage') context.usage(...message.args);
    else context[message.tell](...message.args);
  }

  private async answer(call: Call): Promise<void> {
    try {
      this.send({ answer: call.call, value: await this.valueOf(call) });
    } catch (error) {
      this.send({ answer: call.call, error: toldOfError(error) });
    }
  }

  private async valueOf(call: Call): Promise<unknown> {
    if (call.name === 'parents') return this.beginReading(call.call);
    if (call.name === 'moreParents') return this.readOn(call.args[0]);
    if (call.name === 'step') return this.step(...call.args);
    const [check, job, options] = call.args;
    if (check === 0) return this.context.submit(job, options);
    return this.context.submit(
      { ...job, type: this.definitionOf(String(job.type), check) } as ChildJobOf<JobDefinition>,
      options,
    );
  }

  private beginReading(reading: number): number {
    this.readings.set(reading, this.context.parents()[Symbol.asyncIterator]());
    return reading;
  }

  private async readOn(reading: number): Promise<{ items: ParentTask[]; isLast: boolean }> {
    const items: ParentTask[] = [];
    while (items.length < parentsMax) {
      const next = await this.readings.get(reading)?.next();
      if (!next || next.done) return { items, isLast: true };
      items.push(next.value);
    }
    return { items, isLast: false };
  }

  private step(work: number, name: string): Promise<unknown> {
    return this.context.step(name, async () => {
      const result = await this.work(work);
      if ('bytes' in result) {
        throw new NonRetryable(
          `The step ${name} returned ${result.bytes} bytes; ${limits.stepBytes} are kept. Return less, such as where the rest is stored.`,
          { error_type: 'step.result_too_large' },
        );
      }
      return valueOfText(result);
    });
  }

  /** A definition whose schema is over there. */
  private definitionOf(type: string, check: number): JobDefinition {
    const validate = async (payload: unknown) => {
      const issues = valueOfText(await this.work(check, payload)) as { message: string; path: string[] }[] | undefined;
      return issues ? { issues } : { value: payload };
    };
    return { type, payload: { '~standard': { version: 1, vendor: 'kintsugi', validate } } };
  }

  private work(work: number, value?: unknown): Promise<JsonText> {
    return new Promise((resolve, reject) => {
      this.works.set(work, { resolve, reject });
      this.send({ work, value });
    });
  }

  private noteWorked({ worked, result, error }: Extract<FromHandler, { worked: number }>): void {
    const waiting = this.works.get(worked);
    this.works.delete(worked);
    if (result) waiting?.resolve(result);
    else waiting?.reject(error && errorOfTold(error));
  }
}
