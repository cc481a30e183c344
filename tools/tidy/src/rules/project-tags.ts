import type { Finding, Rule } from '../rule.js';
import type { SourceFile } from '../tree.js';

/** The tag says what a project may import; without it the boundaries have a hole. */
export const projectTags: Rule = {
  sentence: 'every project has the tag of its place, the scope in its name, and is private',
  check: (tree) => tree.matching('{apps,libs,examples,tools}/*/package.json', 'libs/shared/*/package.json').flatMap(faultsOf),
};

function faultsOf({ path, text }: SourceFile): Finding[] {
  const { name, private: isPrivate, nx } = JSON.parse(text) as { name?: string; private?: boolean; nx?: { tags?: string[] } };
  const folder = path.split('/').at(-2) ?? '';
  const tag = tagOf(path, folder);
  return [
    ...(nx?.tags?.join() === tag ? [] : [{ path, message: `nx.tags is ${JSON.stringify(nx?.tags)} and must be ["${tag}"]` }]),
    ...(name === `@kintsugi/${folder}` ? [] : [{ path, message: `the name must be @kintsugi/${folder}` }]),
    ...(isPrivate ? [] : [{ path, message: 'a project that is not published is private' }]),
  ];
}

function tagOf(path: string, folder: string): string {
  if (path.startsWith('libs/')) return `type:${folder}`;
  return `type:${path.slice(0, path.indexOf('/') - 1)}`;
}
