import type { Finding, Rule } from '../rule.js';
import type { SourceFile, Tree } from '../tree.js';

/** The tag says what a project may import; without it the boundaries have a hole. Without a target its tests are never run. */
export const projectTags: Rule = {
  sentence: 'every project has the tag of its place, the scope in its name, a target for its tests, and is private',
  check: (tree) =>
    tree
      .matching('{apps,libs,examples,tools}/*/package.json', 'libs/shared/*/package.json')
      .flatMap((manifest) => faultsOf(manifest, tree)),
};

interface Manifest {
  name?: string;
  private?: boolean;
  nx?: { tags?: string[]; targets?: Record<string, unknown> };
}

function faultsOf({ path, text }: SourceFile, tree: Tree): Finding[] {
  const { name, private: isPrivate, nx } = JSON.parse(text) as Manifest;
  const folder = path.split('/').at(-2) ?? '';
  const tag = tagOf(path, folder);
  const isTested = tree.matching(path.replace('package.json', 'src/**/*.spec.ts')).length > 0;
  return [
    ...(nx?.tags?.join() === tag ? [] : [{ path, message: `nx.tags is ${JSON.stringify(nx?.tags)} and must be ["${tag}"]` }]),
    ...(name === `@kintsugi/${folder}` ? [] : [{ path, message: `the name must be @kintsugi/${folder}` }]),
    ...(!isTested || nx?.targets?.['test'] ? [] : [{ path, message: 'its tests have no target: nx.targets.test is missing' }]),
    ...(isPrivate ? [] : [{ path, message: 'a project that is not published is private' }]),
  ];
}

function tagOf(path: string, folder: string): string {
  if (path.startsWith('libs/')) return `type:${folder}`;
  return `type:${path.slice(0, path.indexOf('/') - 1)}`;
}
