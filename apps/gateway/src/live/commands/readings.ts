import { after } from '@kintsugi/boundary';
import { ProblemError } from '@kintsugi/contracts';
import { eventFrame } from '../../events/domain/event-frame.js';
import type { TopicClient } from './topic-client.js';

/** What was read, and whether nothing will ever be read after it. */
export interface Reading {
  data: object;
  /** The same for as long as nothing has changed. */
  mark: string;
  isLast: boolean;
}

interface Course {
  clients: Set<TopicClient>;
  read: () => Promise<Reading>;
  timer: NodeJS.Timeout | null;
  isReading: boolean;
  told: { frame: string; mark: string } | null;
  isFaulted: boolean;
  isOver: boolean;
}

/** What one caller hears of at once, over all of its connections, and has read a second. */
export const topicsOfCallerMax = 1_000;
const readsPerSecondMax = 500;

/** What is told as it is now: each thing is read once for all who want to hear it, as often as the most eager of them asks for. */
export class Readings {
  private readonly courses = new Map<string, Course>();
  /** Topics that each caller hears of, once for each of its connections. */
  private readonly held = new Map<string, number>();

  heldBy(callerName: string): number {
    return this.held.get(callerName) ?? 0;
  }

  /** @param read reads it; of those that join, the first one's is used */
  join(topic: string, client: TopicClient, read: () => Promise<Reading>): void {
    const course: Course = this.courses.get(topic) ?? {
      ...{ clients: new Set(), read, timer: null, isReading: false, told: null, isFaulted: false, isOver: false },
    };
    this.courses.set(topic, course);
    if (!course.clients.has(client)) this.hold(client, 1);
    course.clients.add(client);
    if (course.told) client.tellNow(topic, course.told.frame, performance.now());
    if (!course.isOver) this.schedule(topic, course, 0);
  }

  leave(client: TopicClient): void {
    for (const [topic, course] of this.courses) {
      if (!course.clients.delete(client)) continue;
      this.hold(client, -1);
      if (course.clients.size > 0) continue;
      if (course.timer) clearTimeout(course.timer);
      this.courses.delete(topic);
    }
  }

  private hold({ request: { callerName } }: TopicClient, more: 1 | -1): void {
    const held = this.heldBy(callerName) + more;
    if (held > 0) this.held.set(callerName, held);
    else this.held.delete(callerName);
  }

  /** Whoever hears of much has each of it read less often: the reads go to others, and all callers share those. */
  private intervalFor({ intervalMs, callerName }: TopicClient['request']): number {
    return Math.max(intervalMs, (this.heldBy(callerName) / readsPerSecondMax) * 1_000);
  }

  private schedule(topic: string, course: Course, inMs: number): void {
    if (course.isReading) return;
    if (course.timer) clearTimeout(course.timer);
    course.timer = after('live.read', inMs, () => this.turn(topic, course)).unref();
  }

  private async turn(topic: string, course: Course): Promise<void> {
    course.isReading = true;
    try {
      this.tell(topic, course, await course.read());
    } catch (error) {
      this.tellFault(topic, course, error);
    } finally {
      course.isReading = false;
      const intervals = [...course.clients].map(({ request }) => this.intervalFor(request));
      if (intervals.length > 0 && !course.isOver) this.schedule(topic, course, Math.min(...intervals));
    }
  }

  private tell(topic: string, course: Course, { data, mark, isLast }: Reading): void {
    if (course.told?.mark !== mark || course.isFaulted) {
      course.told = { frame: eventFrame({ event: topic, data }), mark };
    }
    course.isFaulted = false;
    course.isOver = isLast;
    const { frame } = course.told;
    const now = isLast ? Infinity : performance.now();
    for (const client of [...course.clients]) client.tellNow(topic, frame, now);
  }

  /** What cannot be read for a while is said once, and again when it can. */
  private tellFault(topic: string, course: Course, error: unknown): void {
    const problem = error instanceof ProblemError ? error : new ProblemError('INTERNAL', 'It could not be read.');
    const { code, message } = problem;
    if (!course.isFaulted) {
      for (const client of [...course.clients]) client.tell({ event: 'unavailable', data: { topic, code, detail: message } });
    }
    course.isFaulted = true;
    course.isOver = !problem.retryable;
    if (!(error instanceof ProblemError)) throw error;
  }
}
