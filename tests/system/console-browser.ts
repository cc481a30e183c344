import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { provideChromium } from '../../tools/setup/fetch/chromium.mjs';

/** What a machine of one busy core needs. */
const waitMs = 60_000;

/** What a page has asked of other hosts, and what its policy or its script has refused or thrown. */
export interface Visit {
  page: Page;
  foreign: string[];
  faults: string[];
  context: BrowserContext;
}

/** A real browser, looked into by tests. */
export class ConsoleBrowser {
  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<ConsoleBrowser> {
    const { path, env } = await provideChromium();
    // Its own sandbox cannot be had by root, nor in most containers; it sees pages of the platform under test only.
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    const environment = { ...(process.env as Record<string, string>), ...env };
    return new ConsoleBrowser(await chromium.launch({ executablePath: path, args, env: environment, timeout: waitMs }));
  }

  /** A browser of somebody who has not been here before. */
  async visit(url: string, options: { locale?: string; width?: number } = {}): Promise<Visit> {
    const { locale = 'en-GB', width = 1280 } = options;
    const context = await this.browser.newContext({ locale, baseURL: url, viewport: { width, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    const visit: Visit = { page, foreign: [], faults: [], context };
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(url).origin) visit.foreign.push(request.url());
    });
    page.on('pageerror', (error) => visit.faults.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) visit.faults.push(message.text());
    });
    page.on('dialog', (dialog) => {
      visit.faults.push(`a dialog said ${dialog.message()}`);
      void dialog.dismiss();
    });
    return visit;
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}

/** What axe holds against a page as it is now. */
export async function faultsOfAccess(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
  );
}

export async function signIn({ page }: Visit, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').waitFor();
}
