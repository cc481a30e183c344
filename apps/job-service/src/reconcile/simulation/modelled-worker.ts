import type { LeaseOutcome, WorkHeader, WorkerControl } from '@kintsugi/contracts';

interface Held {
  header: WorkHeader;
  open: Set<number>;
  /** Asked to stop. */
  stopped: Set<number>;
}

/** A worker of the model: it keeps what it is given until it has reported it, and does not care whether it counts as lost. */
export class ModelledWorker {
  readonly held = new Map<string, Held>();
  private readonly past = new Set<string>();

  constructor(readonly id: string) {}

  get leases(): [string, number][] {
    return [...this.held.values()].map(({ header }) => [header.chunk_id, header.fence]);
  }

  get running(): { key: string; index: number }[] {
    return [...this.held].flatMap(([key, { open }]) => [...open].map((index) => ({ key, index })));
  }

  /** False for a slice that it has or has had: it came twice. */
  take(header: WorkHeader): boolean {
    const key = `${header.chunk_id}#${header.fence}`;
    if (this.held.has(key) || this.past.has(key)) return false;
    this.held.set(key, { header, open: new Set(header.indexes), stopped: new Set() });
    return true;
  }

  obey(control: WorkerControl): void {
    if (control.kind === 'revoke') {
      for (const [chunkId, fence] of control.leases) this.forget(`${chunkId}#${fence}`);
      return;
    }
    for (const [chunkId, indexes] of control.tasks) {
      for (const { header, stopped } of this.held.values()) {
        // All that it holds runs: what is unsafe goes on through a pause.
        if (header.chunk_id !== chunkId || (control.kind === 'stop' && header.safety === 'unsafe')) continue;
        for (const index of indexes) stopped.add(index);
      }
    }
  }

  /** What it reports of a task that has come to its end. */
  finish(key: string, index: number, succeeds: boolean): LeaseOutcome | null {
    const held = this.held.get(key);
    if (!held?.open.delete(index)) return null;
    const { chunk_id, fence } = held.header;
    if (held.open.size === 0) this.forget(key);
    const isStopped = held.stopped.has(index);
    const failure = {
      index,
      started: 0,
      took_us: 1,
      error_type: 'x',
      error_message: 'x',
      ...(isStopped ? { cancelled: true } : {}),
    };
    return {
      ...{ chunk_id, fence, base_ms: 1, returned: [] },
      ...(succeeds
        ? { done: [index], started: [0], took_us: [1], failed: [] }
        : { done: [], started: [], took_us: [], failed: [failure] }),
    };
  }

  private forget(key: string): void {
    this.held.delete(key);
    this.past.add(key);
  }
}
