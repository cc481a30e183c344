import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runGit } from './run-git.js';

const commits = 60;
const filesOfCommit = 4;
/** Text of many different words, so that its packs have bytes worth flipping. */
const lines = 120;

/** Makes a repository with a history, two branches and a tag. @returns its URL */
export async function makeDemoRepository(folder: string): Promise<{ url: string; commits: number; files: number }> {
  mkdirSync(folder, { recursive: true });
  await runGit(folder, ['init', '--quiet', '--bare']);
  await runGit(folder, ['fast-import', '--quiet'], historyText());
  return { url: `file://${folder}`, commits, files: commits * filesOfCommit };
}

/** In the language of git fast-import. */
function historyText(): string {
  const text: string[] = [];
  for (let round = 0; round < commits; round += 1) {
    const message = `Add part ${round + 1}`;
    text.push(
      'commit refs/heads/main',
      `mark :${round + 1}`,
      `committer Ada <ada@example.com> ${1_700_000_000 + round * 3_600} +0000`,
    );
    text.push(`data ${message.length}`, message);
    for (let file = 0; file < filesOfCommit; file += 1) {
      const content = contentOf(round * filesOfCommit + file);
      text.push(`M 100644 inline ${join('src', `part-${round + 1}`, `file-${file + 1}.txt`)}`, `data ${content.length}`, content);
    }
  }
  text.push('reset refs/heads/next', `from :${commits - 3}`, '', 'reset refs/tags/v1', `from :${commits - 1}`, '', 'done', '');
  return text.join('\n');
}

function contentOf(seed: number): string {
  let state = seed + 1;
  const word = (): string => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state.toString(36);
  };
  return Array.from({ length: lines }, () => `${word()} ${word()} ${word()}`).join('\n');
}
