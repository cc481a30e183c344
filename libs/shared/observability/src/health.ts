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

  constructor(private readonly service: string) {}

  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  async report(): Promise<HealthReport> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]): Promise<[string, string]> => {
        try {
          await check();
          return [name, 'ok'];
        } catch (error) {
          return [name, error instanceof Error ? error.message : String(error)];
        }
      }),
    );
    return { service: this.service, ready: entries.every(([, state]) => state === 'ok'), checks: Object.fromEntries(entries) };
  }
}
