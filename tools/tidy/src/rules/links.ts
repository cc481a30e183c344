import { posix } from 'node:path';
import type { Finding, Rule } from '../rule.js';
import type { SourceFile, Tree } from '../tree.js';

/** A link within the project leads somewhere. */
export const links: Rule = {
  sentence: 'every link from a page to a file of the project leads somewhere',
  check: (tree) => tree.matching('**/*.md').flatMap((page) => faultsOf(page, tree)),
};

function faultsOf(page: SourceFile, tree: Tree): Finding[] {
  const prose = page.text.replace(/^```[^]*?^```/gm, (block) => block.replace(/[^\n]/g, ''));
  return [...prose.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].flatMap((match) => {
    const target = match[1] ?? '';
    if (/^[a-z]+:/.test(target)) return [];
    const path = posix.normalize(posix.join(posix.dirname(page.path), decodeURI(target))).replace(/\/$/, '');
    if (tree.find(path) || tree.hasFolder(path)) return [];
    return [{ path: page.path, line: prose.slice(0, match.index).split('\n').length, message: `${target} leads nowhere` }];
  });
}
