import type { LogLevel, ResourceLimits } from '@kintsugi/contracts';
import type { ChildJob, ChildOptions } from '../submit-child.js';
import type { HandedTask } from '../task-context.js';
import type { JsonText } from './json-text.js';
import type { ToldError } from './told-error.js';

/** A task for the process of a handler. */
export interface HandlerOrder {
  run: number;
  task: HandedTask;
  attempt: number;
  resource_limits: ResourceLimits | null;
  run_key: string;
  traceparent: string | undefined;
}

/** What the worker tells the process of a handler: each message but the order is of a run. */
export type ToHandler =
  | { order: HandlerOrder }
  | { abort: string }
  /** Has a function of the handler called, such as a step. */
  | { work: number; value?: unknown }
  | { answer: number; value?: unknown; error?: ToldError };

/** What the process tells of its run. */
export type FromHandler =
  | { begun: true }
  | { unready: ToldError }
  | { done: JsonText }
  | { failed: ToldError }
  /** What ends the process, which nobody has caught. */
  | { fault: ToldError }
  | { tell: 'log'; args: [line: string, level?: LogLevel] }
  | { tell: 'output'; args: [stream: 'stdout' | 'stderr', bytes: Uint8Array] }
  | { tell: 'mask' | 'phase'; args: [text: string] }
  | { tell: 'progress'; args: [share: number] }
  | { tell: 'usage'; args: [used: { cpu_ms: number; memory_mib: number | null }] }
  | { call: number; name: 'parents'; args: [] }
  | { call: number; name: 'moreParents'; args: [reading: number] }
  | { call: number; name: 'step'; args: [work: number, name: string] }
  /** `check` checks a payload of a job that has a definition; 0 where it has none. */
  | { call: number; name: 'submit'; args: [check: number, job: ChildJob, options?: ChildOptions] }
  | { worked: number; result?: JsonText; error?: ToldError };
