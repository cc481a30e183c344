import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { projectTags } from './project-tags.js';

const manifest = (name: string, ...tags: string[]) => JSON.stringify({ name, private: true, nx: { tags } });
const check = (path: string, text: string) => reportOf(projectTags, treeOf({ [path]: text }));

describe('project tags', () => {
  test('a project without a tag is found', () => {
    expect(check('apps/gateway/package.json', '{"name":"@kintsugi/gateway","private":true}')).toEqual([
      'apps/gateway/package.json nx.tags is undefined and must be ["type:app"]',
    ]);
  });

  test('a tag of another place is found', () => {
    expect(check('libs/shared/messaging/package.json', manifest('@kintsugi/messaging', 'type:contracts'))).toHaveLength(1);
    expect(check('tools/cli/package.json', manifest('@kintsugi/cli', 'type:tool', 'type:app'))).toHaveLength(1);
  });

  test('another name than the folder, and a public package, are found', () => {
    expect(check('tools/cli/package.json', '{"name":"cli","nx":{"tags":["type:tool"]}}')).toHaveLength(2);
  });

  test('tests without a target are found', () => {
    const files = { 'tools/cli/package.json': manifest('@kintsugi/cli', 'type:tool'), 'tools/cli/src/a.spec.ts': '' };
    expect(reportOf(projectTags, treeOf(files))).toEqual([
      'tools/cli/package.json its tests have no target: nx.targets.test is missing',
    ]);
  });

  test.each([
    ['apps/gateway/package.json', manifest('@kintsugi/gateway', 'type:app')],
    ['libs/client/package.json', manifest('@kintsugi/client', 'type:client')],
    ['libs/shared/hosting/package.json', manifest('@kintsugi/hosting', 'type:hosting')],
    ['examples/newsletter/package.json', manifest('@kintsugi/newsletter', 'type:example')],
  ])('%s passes', (path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});
