import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * `node download.mjs URL FILE`: downloads a file, and gives up soon where a firewall swallows what is sent.
 * A program of its own, so that it can be told to use the environment's proxy, which Node reads only at its start.
 */
const responseTimeoutMs = 3_000;
const stallTimeoutMs = 15_000;

const [url, file] = process.argv.slice(2);
const controller = new AbortController();
let timer = setTimeout(() => controller.abort(new Error('it does not answer')), responseTimeoutMs);

async function* watched(body) {
  for await (const chunk of body) {
    timer.refresh();
    yield chunk;
  }
}

try {
  const response = await fetch(url, { signal: controller.signal });
  if (!response.ok) throw new Error(`it answers with ${response.status}`);
  clearTimeout(timer);
  timer = setTimeout(() => controller.abort(new Error('it stopped sending')), stallTimeoutMs);
  await pipeline(Readable.fromWeb(response.body), watched, createWriteStream(file));
  clearTimeout(timer);
} catch (error) {
  process.stderr.write(`${new URL(url).host}: ${error.cause?.message ?? error.message}\n`);
  process.exit(1);
}
