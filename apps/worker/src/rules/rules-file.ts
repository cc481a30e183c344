import { readFileSync, statSync } from 'node:fs';
import { workerRulesSchema, type WorkerRules } from './worker-rules.js';

const noRules = workerRulesSchema.parse({});

/** What the file of the rules holds, read again when it has changed: who allows something need not restart the worker. */
export class RulesFile {
  private read: { version: string; rules: WorkerRules } | null = null;

  constructor(readonly path: string) {}

  /** Throws what is wrong with it, in words. A file that is not there allows nothing. */
  async current(): Promise<WorkerRules> {
    const version = this.version();
    if (this.read?.version !== version) this.read = { version, rules: version === 'none' ? noRules : await this.parsed() };
    return this.read.rules;
  }

  private version(): string {
    const stat = statSync(this.path, { bigint: true, throwIfNoEntry: false });
    return stat ? `${stat.mtimeNs} ${stat.size} ${stat.ino}` : 'none';
  }

  private async parsed(): Promise<WorkerRules> {
    let given: unknown;
    try {
      // Loaded where there is a file: most workers never need it.
      const { parse } = await import('yaml');
      given = parse(readFileSync(this.path, 'utf8'), { prettyErrors: false }) ?? {};
    } catch (error) {
      throw new Error(`${this.path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    const read = workerRulesSchema.safeParse(given);
    if (read.success) return read.data;
    const faults = read.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
    throw new Error(`${this.path} cannot be used: ${faults.join('; ')}`);
  }
}
