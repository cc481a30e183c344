import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const partBytes = 1024 * 1024;

/**
 * Whether all objects of a repository are in packs, and all packs and their indexes end with the sum of what is before it. Git has read each
 * object when it wrote them, so that they are what they were then: a tenth of the work of reading them all again.
 */
export async function arePacksAsWritten(gitDir: string): Promise<boolean> {
  const objects = join(gitDir, 'objects');
  const loose = (await readdir(objects)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const counts = await Promise.all(loose.map(async (name) => (await readdir(join(objects, name))).length));
  if (counts.some((count) => count > 0)) return false;
  const packs = (await readdir(join(objects, 'pack'))).filter((name) => /\.(pack|idx)$/.test(name));
  for (const name of packs) if (!(await endsWithItsSum(join(objects, 'pack', name)))) return false;
  return packs.length > 0;
}

/** The length of the sum says by which function it is made; a name that is longer than SHA-1's is that of SHA-256. */
async function endsWithItsSum(path: string): Promise<boolean> {
  const isSha256 = /pack-[0-9a-f]{64}\./.test(path);
  const sumBytes = isSha256 ? 32 : 20;
  const { size } = await stat(path);
  if (size <= sumBytes) return false;
  const hash = createHash(isSha256 ? 'sha256' : 'sha1');
  for await (const part of createReadStream(path, { end: size - sumBytes - 1, highWaterMark: partBytes })) {
    hash.update(part as Buffer);
  }
  const sum: Buffer[] = [];
  for await (const part of createReadStream(path, { start: size - sumBytes })) sum.push(part as Buffer);
  return hash.digest().equals(Buffer.concat(sum));
}
