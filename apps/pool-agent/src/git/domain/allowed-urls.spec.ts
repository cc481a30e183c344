import { describe, expect, test } from '@jest/globals';
import { addressOf, isAllowed, patternOf } from './allowed-urls.js';

const allows = (pattern: string, url: string): boolean => isAllowed(url, [patternOf(pattern) as RegExp]);

describe('a pattern', () => {
  test.each([
    ['https://github.com/acme/*', 'https://github.com/acme/app.git', true],
    ['https://github.com/acme/*', 'https://github.com/acmeevil/app', false],
    ['https://github.com/acme/*', 'http://github.com/acme/app', false],
    ['https://*.acme.com/*', 'https://git.acme.com/team/app', true],
    // A star in the host does not reach into the path of another host.
    ['https://*.acme.com/*', 'https://evil.com/x.acme.com/app', false],
    ['https://git.acme.com/*', 'https://gitxacme.com/app', false],
    ['file:///srv/git/*', 'file:///srv/git/deep/app.git', true],
    ['file:///srv/git/*', 'file:///etc/passwd', false],
  ])('%s on %s: %s', (pattern, url, expected) => expect(allows(pattern, url)).toBe(expected));

  test.each(['*', 'github.com/acme', 'ext::sh', 'ftp://host/x'])('%s is none', (text) => expect(patternOf(text)).toBeNull());
});

describe('an address', () => {
  test.each(['https://host/a', 'ssh://git@host:22/a/b.git', 'file:///srv/a', 'git://127.0.0.1:9418/a'])('%s is one', (url) =>
    expect(addressOf(url)).toMatchObject({ url }),
  );

  test.each([
    'git@host:a',
    '--upload-pack=touch x',
    'ext::sh -c x',
    'https://-oProxyCommand=x/a',
    'https://user:password@host/a',
    'https://token@host/a',
    'ssh://-l@host/a',
    'https://host/a/../b',
    'https://host/a/-b',
    'https://host/a%2e%2e/b',
    'https://host/a b',
    'https://host/a\nb',
    'file://host/a',
    'https:///a',
    'https://host',
  ])('%j is none', (url) => expect(typeof addressOf(url)).toBe('string'));
});
