/** One thing a process needs to do its work; rejects or throws when it is missing. */
export type HealthCheck = () => Promise<void> | void;

export interface HealthReport {
  service: string;
  ready: boolean;
  /** By check: `ok`, or why not. */
  checks: Record<string, string>;
}

/** Whether this process can do its work now. Being alive is not asked here: a process that answers is alive. */
export class Health {
  private readonly checks = new Map<string, HealthCheck>();
  private phase = 'starting';

  constructor(private readonly service: string) {}

  /** From now on only the checks decide. */
  started(): void {
    this.phase = 'ok';
  }

  /** From now on it is not ready, whatever the checks say. */
  stopping(): void {
    this.phase = 'stopping';
  }

  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  async report(): Promise<HealthReport> {
    const needed = await Promise.all(
      [...this.checks].map(async ([name, check]): Promise<[string, string]> => {
        try {
          await check();
          return [name, 'ok'];
        } catch (error) {
          return [name, error instanceof Error ? error.message : String(error)];
        }
      }),
    );
    const entries: [string, string][] = [...needed, ['service', this.phase]];
    return { service: this.service, ready: entries.every(([, state]) => state === 'ok'), checks: Object.fromEntries(entries) };
  }
}
