import { after, inBackground } from '@kintsugi/boundary';
import { processesOf, residentMib } from '../process/process-table.js';
import type { TaskContext } from '../task-context.js';
import { HandlerProcess, neverBegun } from './process/handler-process.js';

/** A process without a task is kept so long for the next one. */
const idleMs = 60_000;
/** Of what a task may use, a process may hold this much from tasks before and be given it. */
const heldShare = 0.5;

/** The processes of a worker's isolated handlers: as many as there are tasks of them at once, each used again. */
export class HandlerProcesses {
  private readonly all = new Set<HandlerProcess>();
  /** Those without a task, the one that was used last at the end, and what ends each after a time. */
  private readonly idle = new Map<HandlerProcess, NodeJS.Timeout>();

  /** @param max processes of all modules, of which those without a task make room */
  constructor(private readonly max: () => number) {}

  /** Runs a task in a process of its module. */
  async run(module: string, context: TaskContext): Promise<unknown> {
    for (;;) {
      context.signal.throwIfAborted();
      const found = this.take(module, context);
      try {
        return await found.run(context);
      } catch (error) {
        if (error !== neverBegun) throw error;
      } finally {
        this.shelve(found);
      }
    }
  }

  /** Ends all of them, and waits until they have ended. */
  async close(): Promise<void> {
    for (const found of this.all) this.retire(found);
    await Promise.all([...this.all].map(({ hasEnded }) => hasEnded));
  }

  private take(module: string, context: TaskContext): HandlerProcess {
    const found = [...this.idle.keys()].findLast((kept) => kept.module === module && kept.isUsable && hasRoom(kept, context));
    if (found) {
      clearTimeout(this.idle.get(found));
      this.idle.delete(found);
      return found;
    }
    const [oldest] = this.idle.keys();
    if (oldest && this.all.size >= this.max()) this.retire(oldest);
    const started = new HandlerProcess(module);
    this.all.add(started);
    inBackground('isolated.end', async () => {
      await started.hasEnded;
      this.forget(started);
    });
    return started;
  }

  private shelve(found: HandlerProcess): void {
    if (found.isUsable) this.idle.set(found, after('isolated.idle', idleMs, () => this.retire(found)).unref());
  }

  private retire(found: HandlerProcess): void {
    this.forgetIdle(found);
    found.retire();
  }

  private forget(found: HandlerProcess): void {
    this.forgetIdle(found);
    this.all.delete(found);
  }

  private forgetIdle(found: HandlerProcess): void {
    clearTimeout(this.idle.get(found));
    this.idle.delete(found);
  }
}

/** What tasks before have left in memory, of the process and of what it has started, must not count against this one. */
function hasRoom({ pid }: HandlerProcess, { resource_limits: limits }: TaskContext): boolean {
  if (limits?.max_memory === undefined || pid === undefined) return true;
  const held = processesOf(pid).reduce((sum, { pid: each }) => sum + (residentMib(each) ?? 0), 0);
  return held <= limits.max_memory * heldShare;
}
