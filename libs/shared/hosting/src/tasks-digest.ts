import { createHash } from 'node:crypto';
import { jsonHash } from '@kintsugi/contracts';

const gatheredMax = 64 * 1024;

/** Tells whether two requests mean the same tasks: it is the same for the same tasks in the same order, however their JSON is written. */
export class TasksDigest {
  private readonly hash = createHash('sha256');
  private gathered = '';

  add(task: unknown): void {
    this.gathered += jsonHash(task);
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
