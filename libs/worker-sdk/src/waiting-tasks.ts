import type { HeldLease } from './held-lease.js';

const priorities = 10;
/** Of a lease that says nothing of it. */
const usualPriority = 5;
/** Of so many tasks one is that which has waited longest, though more urgent ones wait: nothing starves. */
const startsPerTurn = 8;
/** A level is cut only now and then, so that taking from its front costs nothing. */
const cutAfter = 1_024;

export interface WaitingTask {
  lease: HeldLease;
  position: number;
  line: string;
}

interface Level {
  tasks: { task: WaitingTask; arrival: number }[];
  /** Where the first is that waits still. */
  next: number;
}

/** Tasks that wait for a slot: the most urgent first, and those of one priority as they came. */
export class WaitingTasks {
  private readonly levels = Array.from({ length: priorities }, (): Level => ({ tasks: [], next: 0 }));
  private arrivals = 0;
  private starts = 0;
  size = 0;

  add(task: WaitingTask): void {
    this.arrivals += 1;
    this.size += 1;
    this.levels[levelOf(task)]?.tasks.push({ task, arrival: this.arrivals });
  }

  next(): WaitingTask | undefined {
    if (this.size === 0) return undefined;
    this.starts += 1;
    const level = this.starts % startsPerTurn === 0 ? this.longestWaiting : this.mostUrgent;
    const first = level?.tasks[level.next];
    if (!level || !first) return undefined;
    this.size -= 1;
    level.next += 1;
    if (level.next > cutAfter || level.next === level.tasks.length) cut(level);
    return first.task;
  }

  /** Takes one out. False where it does not wait. */
  remove(lease: HeldLease, position: number): boolean {
    for (const level of this.levels) {
      const at = level.tasks.findIndex(
        ({ task }, place) => place >= level.next && task.lease === lease && task.position === position,
      );
      if (at < 0) continue;
      level.tasks.splice(at, 1);
      this.size -= 1;
      return true;
    }
    return false;
  }

  takeAll(): WaitingTask[] {
    const all: WaitingTask[] = [];
    for (let task = this.next(); task; task = this.next()) all.push(task);
    return all;
  }

  private get mostUrgent(): Level | undefined {
    return this.levels.findLast(({ tasks, next }) => next < tasks.length);
  }

  private get longestWaiting(): Level | undefined {
    let longest: Level | undefined;
    let earliest = Infinity;
    for (const level of this.levels) {
      const arrival = level.tasks[level.next]?.arrival ?? Infinity;
      if (arrival < earliest) [longest, earliest] = [level, arrival];
    }
    return longest;
  }
}

/** What is no priority, whoever sent it, counts as none. */
function levelOf({ lease }: WaitingTask): number {
  const { priority = usualPriority } = lease.header;
  return Number.isInteger(priority) && priority >= 0 && priority < priorities ? priority : usualPriority;
}

function cut(level: Level): void {
  level.tasks = level.tasks.slice(level.next);
  level.next = 0;
}
