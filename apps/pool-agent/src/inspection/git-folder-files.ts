import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeCopies, type Pool } from '../slots/domain/slot.js';
import { finding, type Finding } from './domain/finding.js';
import { isForeign, isGitLock, isTemporary, packedRefsFault, refFault, unfinishedNames } from './domain/git-folder-rules.js';

/** One file of a .git folder. */
interface Entry {
  /** Below the .git folder. */
  path: string;
  bytes: number;
  isFolder: boolean;
  isLink: boolean;
  isReadable: boolean;
  changedMs: number;
}

interface LockFile {
  path: string;
  changedMs: number;
}

const entriesMax = 500_000;
const partBytes = 1024 * 1024;

/** Reads a .git folder without git: what would make git fail, run something, or look elsewhere. */
export async function lookIntoGitFolder(gitDir: string, pool: Pick<Pool, 'object_format' | 'shallow'>): Promise<Finding[]> {
  const entries = await entriesOf(gitDir, pool);
  const findings = [
    ...locksAmong(entries).map(({ path }) => finding('git-lock', path)),
    ...entries.flatMap((entry) => oddities(entry, pool)),
    ...packFindings(entries),
    ...(await refFindings(gitDir, entries)),
    ...(await indexFindings(gitDir, pool.object_format)),
    ...(await cacheFindings(gitDir, entries, pool.object_format)),
  ];
  return findings;
}

/** The locks of git alone. A folder that is no repository has none. */
export async function lookForLocks(gitDir: string): Promise<LockFile[]> {
  const stats = await lstat(gitDir).catch(() => null);
  if (!stats?.isDirectory()) return [];
  return locksAmong(await entriesOf(gitDir, wholeCopies)).map(({ path, changedMs }) => ({ path, changedMs }));
}

function locksAmong(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ path, isFolder }) => !isFolder && isGitLock(path));
}

async function entriesOf(gitDir: string, pool: Pick<Pool, 'shallow'>): Promise<Entry[]> {
  const entries: Entry[] = [];
  const waiting = [''];
  while (waiting.length > 0 && entries.length < entriesMax) {
    const folder = waiting.pop() as string;
    for (const name of await readdir(join(gitDir, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const stats = await lstat(join(gitDir, path)).catch(() => null);
      if (!stats) continue;
      const isFolder = stats.isDirectory();
      const isReadable = (stats.mode & (isFolder ? 0o500 : 0o400)) === (isFolder ? 0o500 : 0o400);
      entries.push({
        ...{ path, bytes: stats.size, isFolder, isReadable },
        ...{ isLink: !isFolder && !stats.isFile(), changedMs: stats.mtimeMs },
      });
      if (isFolder && isReadable && !(folder === '' && isForeign(name, pool))) waiting.push(path);
    }
  }
  return entries;
}

function oddities({ path, bytes, isFolder, isLink, isReadable }: Entry, pool: Pick<Pool, 'shallow'>): Finding[] {
  if (isLink) return [finding('foreign-file', `${path} is no file of its own`)];
  const found: Finding[] = [];
  if (!isReadable) found.push(finding('unreadable', path));
  if (!isFolder && isTemporary(path)) found.push(finding('temporary-file', path));
  const [top, ...below] = path.split('/') as [string, ...string[]];
  if (below.length === 0) {
    if (unfinishedNames.includes(top)) found.push(finding('operation-unfinished', top));
    else if (top === 'hooks') found.push(finding('hook-present', top));
    else if (isForeign(top, pool)) {
      const isShallow = top === 'shallow';
      found.push(isShallow ? finding('shallow-present', 'this is a copy of the whole history') : finding('foreign-file', top));
    }
  }
  if (/^objects\/info\/(http-)?alternates$/.test(path)) found.push(finding('alternates-present', path));
  if (!isFolder && bytes === 0 && /^objects\/[0-9a-f]{2}\/[0-9a-f]+$/.test(path)) found.push(finding('object-empty', path));
  return found;
}

function packFindings(entries: readonly Entry[]): Finding[] {
  const packs = entries
    .map(({ path }) => /^objects\/pack\/(pack-[0-9a-f]+)\.(pack|idx|rev|bitmap)$/.exec(path))
    .filter((match) => match !== null);
  const namesOf = (kind: string): Set<string> =>
    new Set(packs.filter((match) => match[2] === kind).map((match) => match[1] as string));
  const [whole, indexes] = [namesOf('pack'), namesOf('idx')];
  return [
    ...[...whole].filter((name) => !indexes.has(name)).map((name) => finding('pack-without-index', `${name}.pack`)),
    ...[...indexes].filter((name) => !whole.has(name)).map((name) => finding('pack-missing', `${name}.idx`)),
  ];
}

async function refFindings(gitDir: string, entries: readonly Entry[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { path, isFolder, isLink, bytes } of entries) {
    if (isFolder || isLink || !path.startsWith('refs/') || isGitLock(path)) continue;
    const fault = bytes > 4_096 ? `${path} is too long` : refFault(path, await textOf(join(gitDir, path)));
    if (fault !== null) found.push(finding('ref-broken', fault));
  }
  for (const folder of ['refs', 'objects']) {
    if (!entries.some(({ path, isFolder }) => path === folder && isFolder)) {
      found.push(finding(folder === 'refs' ? 'ref-broken' : 'objects-broken', `${folder}/ is missing`));
    }
  }
  const packed = entries.find(({ path }) => path === 'packed-refs');
  if (packed && !packed.isLink) {
    const fault = packed.isFolder ? 'it is a folder' : packedRefsFault(await textOf(join(gitDir, 'packed-refs')));
    if (fault !== null) found.push(finding('packed-refs-broken', fault));
  }
  return found;
}

/** The index ends with its own checksum: read here, since git looks at it only when it is asked to. */
async function indexFindings(gitDir: string, objectFormat: 'sha1' | 'sha256'): Promise<Finding[]> {
  const isRight = await endsWithSum(join(gitDir, 'index'), 'DIRC', objectFormat).catch(() => null);
  if (isRight === null) return [finding('index-broken', 'it is missing')];
  return isRight ? [] : [finding('index-broken', 'it is no index, or its checksum is wrong')];
}

/** All zeros stand for no checksum, which a setting of git asks for. Read part by part: such files may be larger than memory. */
async function endsWithSum(path: string, beginning: string, objectFormat: 'sha1' | 'sha256'): Promise<boolean> {
  const sumBytes = objectFormat === 'sha1' ? 20 : 32;
  const hash = createHash(objectFormat);
  let bytes = 0;
  let sum = Buffer.alloc(0);
  for await (const part of createReadStream(path, { highWaterMark: partBytes }) as AsyncIterable<Buffer>) {
    if (bytes === 0 && part.subarray(0, 4).toString('latin1') !== beginning) return false;
    bytes += part.length;
    const unread = Buffer.concat([sum, part]);
    hash.update(unread.subarray(0, -sumBytes));
    sum = unread.subarray(-sumBytes);
  }
  if (bytes < 12 + sumBytes) return false;
  return sum.every((byte) => byte === 0) || hash.digest().equals(sum);
}

/** What makes packs faster ends with its own checksum as well, at which not every git looks. */
async function cacheFindings(gitDir: string, entries: readonly Entry[], objectFormat: 'sha1' | 'sha256'): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { path, isFolder, isLink, isReadable } of entries) {
    const kind = /^objects\/pack\/[^/]+\.(rev|bitmap)$/.exec(path)?.[1];
    if (kind === undefined || isFolder || isLink || !isReadable) continue;
    const isRight = await endsWithSum(join(gitDir, path), kind === 'rev' ? 'RIDX' : 'BITM', objectFormat).catch(() => null);
    if (isRight === false) found.push(finding('cache-broken', path));
  }
  return found;
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
