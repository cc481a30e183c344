import { after, guarded } from '@kintsugi/boundary';
import { logIdOf, subjects } from '@kintsugi/contracts';
import type { Bus, Subscription } from '@kintsugi/messaging';

/** Tells when a log has new lines; listens while somebody follows one. */
export class LogNews {
  private readonly waiting = new Map<string, Set<() => void>>();
  /** How often there was news of a log that is followed. */
  private readonly versions = new Map<string, number>();
  private readonly followers = new Map<string, number>();
  private subscription: Subscription | null = null;

  constructor(private readonly bus: Bus) {}

  /** Logs that something is kept of. */
  get kept(): number {
    return new Set([...this.waiting.keys(), ...this.versions.keys(), ...this.followers.keys()]).size;
  }

  follow(jobId: string): void {
    const log = logIdOf(jobId);
    this.followers.set(log, (this.followers.get(log) ?? 0) + 1);
    this.subscription ??= this.bus.subscribe(subjects.storedLogs, (message) => {
      for (const stored of message.json<{ logs: string[] }>().logs) this.tell(stored);
    });
  }

  leave(jobId: string): void {
    const log = logIdOf(jobId);
    const left = (this.followers.get(log) ?? 1) - 1;
    if (left > 0) this.followers.set(log, left);
    else {
      this.followers.delete(log);
      this.versions.delete(log);
      this.waiting.delete(log);
    }
    if (this.followers.size > 0) return;
    this.subscription?.unsubscribe();
    this.subscription = null;
  }

  /** Another one with each piece of news. */
  versionOf(jobId: string): number {
    return this.versions.get(logIdOf(jobId)) ?? 0;
  }

  /** Resolves with news that came after the given version, when the time is over, or when it is given up. */
  wait(jobId: string, version: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
    const log = logIdOf(jobId);
    if (signal.aborted || this.versionOf(jobId) !== version) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = guarded('log-news.wait', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', settle);
        this.forget(log, settle);
        resolve();
      });
      const timer = after('log-news.timeout', timeoutMs, settle);
      signal.addEventListener('abort', settle, { once: true });
      const others = this.waiting.get(log) ?? new Set();
      this.waiting.set(log, others.add(settle));
    });
  }

  private forget(log: string, settle: () => void): void {
    const others = this.waiting.get(log);
    if (others?.delete(settle) && others.size === 0) this.waiting.delete(log);
  }

  private tell(log: string): void {
    if (!this.followers.has(log)) return;
    this.versions.set(log, (this.versions.get(log) ?? 0) + 1);
    const listeners = [...(this.waiting.get(log) ?? [])];
    this.waiting.delete(log);
    for (const listener of listeners) listener();
  }
}
