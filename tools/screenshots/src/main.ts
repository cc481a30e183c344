import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { startPlatform } from '@kintsugi/supervisor';
import { seedPlatform } from './seed-platform.js';

/** The set-up is no project, so it is found by its place. */
interface Setup {
  provideChromium: () => Promise<{ path: string; env: Record<string, string> }>;
}

/** `node tools/screenshots/dist/main.js FOLDER`: pictures of every page of the console, in both themes, from a platform of its own. */
const folder = resolve(process.argv[2] ?? 'screenshots');
const sizes = { desk: { width: 1280, height: 800 }, telephone: { width: 360, height: 740 } };
/** Failures are grouped, and the history is told, a moment after they happen. */
const settledMs = 6_000;

mkdirSync(folder, { recursive: true });
const platform = await startPlatform({ settings: { WORKER_PROGRAM: ['tools/screenshots/dist/worker.js'] } });
const jobId = await seedPlatform(platform.urls.api);
const setup = (await import(new URL('../../setup/fetch/chromium.mjs', import.meta.url).href)) as Setup;
const { path, env } = await setup.provideChromium();
const environment = { ...(process.env as Record<string, string>), ...env };
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'], env: environment });
try {
  for (const scheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(sizes)) {
      const page = await browser.newPage({ viewport, colorScheme: scheme, baseURL: platform.urls.api, locale: 'en-GB' });
      await take(page, `${size}-${scheme}`);
      await page.close();
    }
  }
} finally {
  await browser.close();
  await platform.stop();
}

async function take(page: Page, name: string): Promise<void> {
  const paths = {
    home: '/',
    jobs: '/jobs',
    job: `/jobs/${jobId}`,
    failures: '/failures',
    policies: '/policies',
    platform: '/platform',
  };
  for (const [what, to] of Object.entries(paths)) {
    await page.goto(to);
    await page.locator('#content h1').waitFor();
    await page.waitForTimeout(what === 'home' ? settledMs : 1_500);
    await page.screenshot({ path: join(folder, `${what}-${name}.png`) });
  }
  await page.goto('/failures');
  await page.locator('tbody a').first().click();
  await page.locator('.copyable').first().waitFor();
  await page.screenshot({ path: join(folder, `group-${name}.png`) });
}
