import { mixed } from './log-lines.js';

/**
 * As those are that have grown to some 200 MB: the pack of Django's has 168 MiB and 409,053 objects, that of Rails' 279 MiB and 903,070; both have
 * 4,000 to 6,000 files, those of Django less than 50 MB. Fewer objects are sooner made, and are less work for whoever clones them.
 */
const files = 5_000;
const versions = 20;
const partBytes = 1_024;
const partsOfFile = 9;
const rewrittenParts = 2;
const filesOfFolder = 100;
/** Commits that bring the next version of all files, a tenth of them each. */
const commitsOfVersion = 10;
const firstCommitS = 1_700_000_000;
const textBytes = 2 * 1_024 * 1_024;
const lineLength = 63;

/** Said in the method of the benchmark. */
export const largeRepository =
  `${files.toLocaleString('en')} text files of ${partsOfFile} KiB, each rewritten ${versions - 1} times by a fifth, as repositories of that size ` +
  'are mostly history: the files of Django, whose pack has 168 MiB, have less than 50 MB';

/** A repository for `git fast-import`: first all versions of all files, then the commits that bring them. */
export function* repositoryHistory(): Generator<Buffer | string> {
  for (let file = 0; file < files; file += 1) yield versionsOf(file);
  for (let commit = 0; commit < versions * commitsOfVersion; commit += 1) yield commitOf(commit);
  yield 'done\n';
}

/** One behind the other, so that each is packed as what differs from the one before: the newest first, as git packs them, since it is the one that is read. */
function versionsOf(file: number): Buffer {
  const parts = Array.from({ length: partsOfFile }, (_, at) => textPart(file, at));
  const pieces: Buffer[] = [];
  for (let version = versions - 1; version >= 0; version -= 1) {
    for (let n = 0; version < versions - 1 && n < rewrittenParts; n += 1) {
      parts[(version + n) % partsOfFile] = textPart(file, (version + 1) * partsOfFile + n);
    }
    const head = `blob\nmark :${markOf(file, version)}\ndata ${partsOfFile * partBytes}\n`;
    pieces.push(Buffer.from(head), ...parts, Buffer.from('\n'));
  }
  return Buffer.concat(pieces);
}

function commitOf(commit: number): string {
  const version = Math.floor(commit / commitsOfVersion);
  const lines = ['commit refs/heads/main', `committer bench <bench@localhost> ${firstCommitS + commit} +0000`, 'data 4', 'work'];
  for (let file = commit % commitsOfVersion; file < files; file += commitsOfVersion) {
    lines.push(`M 100644 :${markOf(file, version)} part-${Math.floor(file / filesOfFolder)}/file-${file}`);
  }
  return `${lines.join('\n')}\n`;
}

function markOf(file: number, version: number): number {
  return file * versions + version + 1;
}

let text: Buffer | null = null;

/** Any part of one long text: what two files have in common is not looked for, so that it need not be longer than it is. */
function textPart(file: number, n: number): Buffer {
  text ??= Buffer.from(longText());
  const at = (mixed(mixed(file + 1) ^ n) % Math.floor(text.length / partBytes)) * partBytes;
  return text.subarray(at, at + partBytes);
}

/** Lines of which a compressor takes a quarter away, as little as of what differs from one version of a source to the next. */
function longText(): string {
  const values = new Uint32Array(textBytes / 4);
  for (let n = 0; n < values.length; n += 1) values[n] = mixed(n + 1);
  return Buffer.from(values.buffer)
    .toString('base64')
    .replace(new RegExp(`.{${lineLength}}`, 'g'), '$&\n');
}
