import { get } from 'node:http';
import type { Readings } from '../../domain/figure-book.js';
import type { BenchBrowser } from './bench-browser.js';

const bytesOfKilobyte = 1_000;

/** What a browser loads for its first page, compressed by gzip. */
export async function measureBundle(browser: BenchBrowser, url: string): Promise<Readings> {
  const visit = await browser.open();
  const assets = new Set<string>();
  visit.onResponse((response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) assets.add(response.url());
  });
  try {
    await visit.page.goto(url);
    await visit.shownAt('.tally');
  } finally {
    await visit.close();
  }
  const sizes = await Promise.all([...assets].map(bytesByGzip));
  return { console_bundle_kb: sizes.reduce((sum, size) => sum + size, 0) / bytesOfKilobyte };
}

function bytesByGzip(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let bytes = 0;
      response.on('data', (part: Buffer) => (bytes += part.length));
      response.once('end', () => resolve(bytes));
      response.once('error', reject);
    }).once('error', reject);
  });
}
