import { readFileSync } from 'node:fs';
import { after } from '@kintsugi/boundary';
import type { Health, HealthReport, Metrics } from '@kintsugi/observability';

/** How long metrics wait for the checks: a database that hangs must not cost whoever scrapes all the other metrics. */
const checksPatienceMs = 100;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

/** What one process says of how it is. */
export interface Readiness extends HealthReport {
  instance: string;
}

/** What a process tells of itself, at its own port and over the bus alike. Those who ask together are answered together. */
export class SelfReport {
  private checking: Promise<Readiness> | null = null;
  private writing: Promise<string> | null = null;

  constructor(
    readonly about: { service: string; instance: string },
    private readonly metrics: Metrics,
    private readonly health: Health,
    /** In force, without their secrets. */
    private readonly settings: Record<string, string> = {},
  ) {}

  readiness(): Promise<Readiness> {
    this.checking ??= this.check().finally(() => (this.checking = null));
    return this.checking;
  }

  /** The metrics in the text format of Prometheus. */
  text(): Promise<string> {
    this.writing ??= this.checkedSoon()
      .then(() => this.metrics.registry.metrics())
      .finally(() => (this.writing = null));
    return this.writing;
  }

  get textType(): string {
    return this.metrics.registry.contentType;
  }

  /** The metrics with what they come from, as it was set up. */
  async scrape() {
    await this.checkedSoon();
    return { ...this.about, version, settings: this.settings, families: await this.metrics.registry.getMetricsAsJSON() };
  }

  private async check(): Promise<Readiness> {
    const report = await this.health.report();
    for (const [check, state] of Object.entries(report.checks)) {
      this.metrics.set('kintsugi_ready', state === 'ok' ? 1 : 0, { check });
    }
    return { ...report, instance: this.about.instance };
  }

  private checkedSoon(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = after('self-report', checksPatienceMs, resolve);
      const done = (): void => clearTimeout(timer);
      this.readiness()
        .finally(done)
        .then(() => resolve(), reject);
    });
  }
}
