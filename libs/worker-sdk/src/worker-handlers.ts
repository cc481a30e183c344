import { limits } from '@kintsugi/contracts';
import { functionServing } from './check-handler.js';
import { handlerModule, type IsolateOptions } from './isolated/handler-module.js';
import { HandlerProcesses } from './isolated/handler-processes.js';
import type { TaskHandler } from './task-context.js';

const slotsByDefault = 100;

/** What a worker runs: its handlers by queue, and the processes of those that have some of their own. */
export class WorkerHandlers {
  readonly byQueue = new Map<string, TaskHandler>();
  private processes: HandlerProcesses | null = null;

  /** @param chosen slots, null where nobody has said how many */
  constructor(
    private readonly chosen: number | null,
    private readonly cores: number,
  ) {}

  /** Tasks that run at once. Each of an isolated handler has a process, of which a machine bears fewer. */
  get slots(): number {
    return this.chosen ?? (this.processes ? Math.max(1, Math.ceil(this.cores)) : slotsByDefault);
  }

  add(queue: string, handler: TaskHandler): void {
    if (this.byQueue.has(queue)) throw new Error(`There is a handler for ${queue} already.`);
    if (this.byQueue.size === limits.handlersPerWorker) {
      throw new Error(`A worker has at most ${limits.handlersPerWorker} handlers: divide the types between several workers.`);
    }
    this.byQueue.set(queue, handler);
  }

  /** The handler that was given: as a function, or as the file of a module that has processes of its own. */
  made(type: string, given: unknown, options: Partial<IsolateOptions>): TaskHandler {
    if (options.isolate === undefined && !(given instanceof URL)) return functionServing('handle', type, given as TaskHandler);
    const module = handlerModule(type, given, options);
    const processes = (this.processes ??= new HandlerProcesses(() => this.slots));
    return (context) => processes.run(module, context);
  }

  /** Ends the processes that there are. */
  async close(): Promise<void> {
    await this.processes?.close();
  }
}
