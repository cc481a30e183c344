import { createHash } from 'node:crypto';
import { jsonHash, parseExactly, type InexactNumbers } from '@kintsugi/contracts';

const gatheredMax = 64 * 1024;

/** Tells whether two requests mean the same tasks: it is the same for the same tasks in the same order, however their JSON is written. */
export class TasksDigest {
  private readonly hash = createHash('sha256');
  private gathered = '';

  constructor(private readonly numbers: InexactNumbers) {}

  /** @param line what the task was read from: its text tells numbers apart that were read as one */
  add(line: string, task: unknown): void {
    this.gathered += jsonHash(this.numbers === 'keep' ? parseExactly(line) : task);
    if (this.gathered.length >= gatheredMax) this.flush();
  }

  digest(): string {
    this.flush();
    return this.hash.digest('hex');
  }

  private flush(): void {
    this.hash.update(this.gathered);
    this.gathered = '';
  }
}
