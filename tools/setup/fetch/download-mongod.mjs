import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import core from 'mongodb-memory-server-core';

/**
 * `node download-mongod.mjs VERSION FOLDER`: downloads the mongod for this system and prints its path. Gives up soon
 * where a firewall swallows what is sent, which the library by itself would not. MONGOMS_DOWNLOAD_MIRROR names another source.
 */
const responseTimeoutMs = 3_000;
const stallTimeoutMs = 20_000;
const watchMs = 1_000;

const [version, folder] = process.argv.slice(2);
const source = new URL(process.env.MONGOMS_DOWNLOAD_URL ?? process.env.MONGOMS_DOWNLOAD_MIRROR ?? 'https://fastdl.mongodb.org');
const usesProxy = Object.keys(process.env).some((name) => /^https?_proxy$/i.test(name));

function giveUp(reason) {
  process.stderr.write(`${source.host}: ${reason}\n`);
  process.exit(1);
}

async function probe() {
  try {
    await fetch(source, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(responseTimeoutMs) });
  } catch (error) {
    giveUp(error.name === 'TimeoutError' ? 'it does not answer' : (error.cause?.message ?? error.message));
  }
}

function bytesIn(path) {
  let bytes = 0;
  for (const name of readdirSync(path)) bytes += statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}

function watchGrowth() {
  let [bytes, grownAt] = [0, Date.now()];
  setInterval(() => {
    const now = bytesIn(folder);
    if (now !== bytes) [bytes, grownAt] = [now, Date.now()];
    else if (Date.now() - grownAt > stallTimeoutMs) giveUp('it stopped sending');
  }, watchMs).unref();
}

if (!usesProxy) await probe();
watchGrowth();
try {
  const options = await core.DryMongoBinary.generateOptions({ version, downloadDir: folder });
  const path = await core.MongoBinary.download({ ...options, platform: process.platform, checkMD5: true });
  process.stdout.write(`\n${path}\n`);
} catch (error) {
  giveUp(error.message);
}
