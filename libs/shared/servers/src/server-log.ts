import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const logBytesMax = 20 * 1024 * 1024;
const readBytesMax = 256 * 1024;
const tailBytes = 2_000;

/** The log of a server: what its process writes, and what it wrote in this life. */
export class ServerLog {
  private lifeBeganAt = 0;

  constructor(readonly path: string) {}

  /** For the process to write to, from where this life of it begins; its folder may have been removed. */
  open(): number {
    mkdirSync(dirname(this.path), { recursive: true });
    this.rotate();
    const descriptor = openSync(this.path, 'a', 0o600);
    this.lifeBeganAt = fstatSync(descriptor).size;
    return descriptor;
  }

  /** What was written in this life, its end if it is long. Empty when it can't be read. */
  ofThisLife(): string {
    return this.readFrom(this.lifeBeganAt, readBytesMax);
  }

  tail(): string {
    return this.readFrom(0, tailBytes).trim();
  }

  private readFrom(start: number, bytesMax: number): string {
    try {
      const file = openSync(this.path, 'r');
      try {
        const { size } = fstatSync(file);
        // One that was emptied meanwhile begins anew.
        const from = Math.max(start > size ? 0 : start, size - bytesMax);
        const buffer = Buffer.alloc(size - from);
        readSync(file, buffer, 0, buffer.length, from);
        return buffer.toString('utf8');
      } finally {
        closeSync(file);
      }
    } catch {
      return '';
    }
  }

  /** Keeps one log of an earlier time, so that two files bound what a server's log can take. */
  private rotate(): void {
    const stats = statSync(this.path, { throwIfNoEntry: false });
    if (stats && stats.size > logBytesMax) renameSync(this.path, `${this.path}.1`);
  }
}
