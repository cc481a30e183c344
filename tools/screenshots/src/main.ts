import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { startPlatform } from '@kintsugi/supervisor';
import { seedPlatform, type Seeded } from './seed-platform.js';

/** The set-up is no project, so it is found by its place. */
interface Setup {
  provideChromium: () => Promise<{ path: string; env: Record<string, string> }>;
}

/**
 * `node tools/screenshots/dist/main.js FOLDER [PAGE…]`: pictures of the pages of the console, all or those that are named, in both themes
 * and on a telephone, from a platform of its own.
 */
const [given = 'screenshots', ...wanted] = process.argv.slice(2);
const folder = resolve(given);
const sizes = { desk: { width: 1280, height: 800 }, telephone: { width: 360, height: 740 } };
/** Failures are grouped, and the history is told, a moment after they happen. */
const settledMs = 6_000;
const drawnMs = 1_500;

mkdirSync(folder, { recursive: true });
let adminKey = '';
const platform = await startPlatform({
  settings: { AUTH: 'on', WORKER_PROGRAM: ['tools/screenshots/dist/worker.js'] },
  onEvent: (event) => {
    if (event.kind === 'admin_key') adminKey = event.key;
  },
});
try {
  const seeded = await seedPlatform(platform.urls.api, adminKey);
  await new Promise((settled) => setTimeout(settled, settledMs));
  await takeAll(seeded);
} finally {
  await platform.stop();
}

async function takeAll(seeded: Seeded): Promise<void> {
  const setup = (await import(new URL('../../setup/fetch/chromium.mjs', import.meta.url).href)) as Setup;
  const { path, env } = await setup.provideChromium();
  const environment = { ...(process.env as Record<string, string>), ...env };
  const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'], env: environment });
  try {
    for (const scheme of ['light', 'dark'] as const) {
      for (const [size, viewport] of Object.entries(sizes)) {
        const context = await browser.newContext({
          ...{ viewport, colorScheme: scheme, baseURL: platform.urls.api, locale: 'en-GB', reducedMotion: 'reduce' },
        });
        await take(context, seeded, `${size}-${scheme}`);
        await context.close();
      }
    }
  } finally {
    await browser.close();
  }
}

async function take(context: BrowserContext, { failed, pipeline, running }: Seeded, name: string): Promise<void> {
  await context.request.post('/console/session', { data: { api_key: adminKey } });
  const page = await context.newPage();
  const paths = {
    home: '/',
    jobs: '/jobs',
    job: `/jobs/${failed}`,
    pipeline: `/jobs/${pipeline}`,
    running: `/jobs/${running}`,
    failures: '/failures',
    logs: '/logs',
    log: `/logs/${failed}`,
    workers: '/workers',
    schedules: '/schedules',
    alerts: '/alerts',
    webhooks: '/webhooks',
    webhook: '/webhooks/on-call',
    pools: '/pools',
    policies: '/policies',
    audit: '/audit',
    keys: '/keys',
    settings: '/settings',
    platform: '/platform',
  };
  for (const [what, to] of Object.entries(paths)) {
    if (wanted.length > 0 && !wanted.includes(what)) continue;
    await page.goto(to);
    await page.locator('#content h1').waitFor();
    await page.waitForTimeout(drawnMs);
    await page.screenshot({ path: join(folder, `${what}-${name}.png`), fullPage: what !== 'home' });
  }
  if (wanted.length > 0 && !wanted.includes('group')) return;
  await page.goto('/failures');
  await page.locator('tbody a').first().click();
  await page.locator('.copyable').first().waitFor();
  await page.waitForTimeout(drawnMs);
  await page.screenshot({ path: join(folder, `group-${name}.png`), fullPage: true });
}
