import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const parts = ['records', 'slots', 'mirrors', 'locks', 'journal', 'staging', 'saved', 'trash', 'shadows', 'home'] as const;

/** Whether something in the folder is of the pools, or of the file system itself. */
export function isOfPools(name: string): boolean {
  return (
    (parts as readonly string[]).includes(name) ||
    name.startsWith('agent.json') ||
    name.startsWith('host.json') ||
    name === 'lost+found'
  );
}

/** Where everything of a host's pools lies. Nobody else writes there. */
export class PoolFolder {
  /** @param host its name among those of the platform, until it is known to have another from before */
  constructor(
    readonly root: string,
    public host: string,
  ) {}

  async prepare(): Promise<void> {
    for (const part of parts) await mkdir(this.of(part), { recursive: true, mode: 0o700 });
    // What a crash has left half done is made again, and shadows are made anew each time.
    for (const part of ['shadows', 'staging'] as const) {
      await rm(this.of(part), { recursive: true, force: true });
      await mkdir(this.of(part), { mode: 0o700 });
    }
    for (const mirror of await readdir(this.of('mirrors'))) await this.unlock(this.of('mirrors', mirror));
  }

  /** A lock that a git of an agent before this one has left would be in the way of every later one. */
  private async unlock(mirror: string): Promise<void> {
    const refs = (await readdir(join(mirror, 'refs'), { recursive: true }).catch(() => [])).map((name) => join('refs', name));
    const names = [...(await readdir(mirror).catch(() => [])), ...refs];
    for (const name of names.filter((one) => one.endsWith('.lock'))) await rm(join(mirror, name), { force: true });
  }

  of(part: (typeof parts)[number], ...rest: string[]): string {
    return join(this.root, part, ...rest);
  }

  slot(pool: string, slotId: string): string {
    return this.of('slots', pool, slotId);
  }

  poolRecord(name: string): string {
    return this.of('records', `${name}.json`);
  }

  slotRecord(pool: string, slotId: string): string {
    return this.of('records', pool, `${slotId}.json`);
  }

  lock(slotId: string): string {
    return this.of('locks', `${slotId}.lock`);
  }

  journal(slotId: string): string {
    return this.of('journal', `${slotId}.json`);
  }

  mirror(url: string): string {
    return this.of('mirrors', `${createHash('sha256').update(url).digest('hex').slice(0, 32)}.git`);
  }

  /** Sets something aside under the time it was found at; it is kept for as long as saved work is. */
  async setAside(path: string, label: string, nowMs: number): Promise<string> {
    const place = this.of('trash', `${label}.${nowMs}`);
    await rename(path, place);
    return place;
  }
}
