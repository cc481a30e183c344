import {
  chromium,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
  type Request,
  type Response,
} from 'playwright-core';

/** The set-up is no project, so it is found by its place. */
interface Setup {
  provideChromium: () => Promise<{ path: string; env: Record<string, string> }>;
}

const waitMs = 60_000;

/** What the browser itself counts of each interaction: from the event to the picture that follows it. */
const interactionsNoted = `
  globalThis.interactionsMs = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) globalThis.interactionsMs.push(entry.duration);
  }).observe({ type: 'event', durationThreshold: 16 });
`;
/** An interaction that took less is not told. */
const toldFromMs = 16;
/** Interactions are told some time after the picture, those of one act apart from each other; one that was short never is. */
const toldWithinMs = 300;
const toldApartMs = 60;
const interactionTold = `new Promise((resolve) => {
  const told = globalThis.interactionsMs;
  let [count, changedAt, drawnAt] = [0, 0, 0];
  const look = () => {
    const now = performance.now();
    if (told.length !== count) [count, changedAt] = [told.length, now];
    const isOver = count > 0 ? now - changedAt >= ${toldApartMs} : now - drawnAt >= ${toldWithinMs};
    if (isOver) resolve(Math.max(${toldFromMs}, ...told));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(() => requestAnimationFrame(() => {
    drawnAt = performance.now();
    look();
  }));
})`;

/** A real browser that looks at the console. */
export class BenchBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly url: string,
  ) {}

  static async start(url: string): Promise<BenchBrowser> {
    const setup = (await import(new URL('../../../../setup/fetch/chromium.mjs', import.meta.url).href)) as Setup;
    const { path, env } = await setup.provideChromium();
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    const environment = { ...(process.env as Record<string, string>), ...env };
    return new BenchBrowser(await chromium.launch({ executablePath: path, args, env: environment, timeout: waitMs }), url);
  }

  /** A page of somebody who has not been here before: nothing of it is in a cache. */
  async open(): Promise<Visit> {
    const context = await this.browser.newContext({ baseURL: this.url, locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    await context.addInitScript(interactionsNoted);
    const page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    return new Visit(context, page);
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

export interface Call {
  path: string;
  tookMs: number;
}

/** One page in the browser, and what it has asked the gateway for. */
export class Visit {
  readonly calls: Call[] = [];
  private underWay = 0;

  constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('request', (request) => {
      if (isAnswered(request)) this.underWay += 1;
    });
    page.on('requestfailed', (request) => {
      if (isAnswered(request)) this.underWay -= 1;
    });
    page.on('requestfinished', (request) => {
      if (!isAnswered(request)) return;
      this.underWay -= 1;
      const { pathname } = new URL(request.url());
      const { responseEnd } = request.timing();
      if (!pathname.includes('/assets/')) this.calls.push({ path: pathname, tookMs: responseEnd });
    });
  }

  /** Whether the page waits for no answer. */
  get isQuiet(): boolean {
    return this.underWay === 0;
  }

  /** Milliseconds of the page’s own clock once this stands there and nothing is waited for. */
  async shownAt(what: string): Promise<number> {
    const isThere = `document.querySelector(${JSON.stringify(what)}) && !document.querySelector('.mantine-Loader-root')`;
    // A predicate that is polled would be evaluated by the page itself, whose policy forbids that.
    return this.page.evaluate<number>(`new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error('${what} does not come.')), ${waitMs});
      const look = () => (${isThere} ? resolve(performance.now()) : requestAnimationFrame(look));
      look();
    })`);
  }

  now(): Promise<number> {
    return this.page.evaluate<number>('performance.now()');
  }

  /** How long it takes from an act until what it gives stands there. */
  async until(act: () => Promise<string>): Promise<number> {
    const startedAt = await this.now();
    return (await this.shownAt(await act())) - startedAt;
  }

  async untilSeen(what: Locator, act: () => Promise<unknown>): Promise<number> {
    const startedAt = await this.now();
    await act();
    await what.waitFor();
    return (await this.now()) - startedAt;
  }

  /** From an act of the hand to the picture that follows it. */
  async interaction(act: () => Promise<unknown>): Promise<number> {
    await this.page.evaluate('globalThis.interactionsMs.length = 0');
    await act();
    return this.page.evaluate<number>(interactionTold);
  }

  /** Bytes of memory that the page’s script holds, with what nobody needs collected. */
  async heapBytes(): Promise<number> {
    const session = await this.context.newCDPSession(this.page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    await session.detach();
    return usedSize;
  }

  onResponse(listener: (response: Response) => void): void {
    this.page.on('response', listener);
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

/** A stream of events has no end. */
function isAnswered(request: Request): boolean {
  return request.resourceType() !== 'eventsource';
}
