import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { links } from './links.js';

const check = (text: string) =>
  reportOf(links, treeOf({ 'docs/start.md': text, 'docs/adr/0001-outbox.md': '', 'README.md': '' }));

describe('links', () => {
  test.each(['adr/0002-gone.md', '../CHANGES.md', './images/'])('%s leads nowhere', (target) => {
    expect(check(`\nSee [it](${target}).`)).toEqual([`docs/start.md:2 ${target} leads nowhere`]);
  });

  test.each(['adr/0001-outbox.md', '../README.md#start', './adr/', '#below', 'https://example.com/x', 'mailto:a@example.com'])(
    '%s passes',
    (target) => {
      expect(check(`[it](${target})`)).toEqual([]);
    },
  );

  test('a link in a code block is text', () => {
    expect(check('```\n[it](gone.md)\n```')).toEqual([]);
  });
});
