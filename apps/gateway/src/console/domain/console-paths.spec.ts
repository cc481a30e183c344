import { expect, test } from '@jest/globals';
import { assetOf, isPage, prefixOf } from './console-paths.js';

test.each([
  '/',
  '/jobs',
  '/jobs/job_01890a5d-ac96-774b-bcce-b302099a8057',
  '/failures/grp_0a',
  '/logs',
  '/logs/job_0a.3',
  '/workers',
  '/webhooks/on-call',
  '/pools/shop',
  '/policies',
  '/policies/smtp.*',
  '/policies/*',
  '/policies/net:reset',
  '/alerts',
  '/audit',
  '/keys',
  '/settings',
])('%s is a page', (path) => expect(isPage(path)).toBe(true));

test.each([
  '',
  '/jobs/',
  '/jobs/a/b',
  '/logs/download/job_0a',
  '/v1',
  '/v1/jobs',
  '/health',
  '/docs',
  '/job-operations',
  '//',
  '/jobs/%2e%2e',
  '/jobs/*',
  '/policies/a/b',
  '/index.html',
])('%j is none', (path) => expect(isPage(path)).toBe(false));

test.each([
  ['/assets/index-BC1d_f-x.js', 'index-BC1d_f-x.js'],
  ['/assets/font.woff2', 'font.woff2'],
  ['/assets/', null],
  ['/assets/../package.json', null],
  ['/assets/..', null],
  ['/assets/.env', null],
  ['/assets/a/b.js', null],
  ['/assets/a%2fb.js', null],
])('the file at %s is %j', (path, name) => expect(assetOf(path)).toBe(name));

test.each([
  ['/kintsugi', '/kintsugi'],
  ['/ops/kintsugi/', '/ops/kintsugi'],
  [undefined, ''],
  ['', ''],
  ['/', ''],
  ['kintsugi', ''],
  ['//evil.example', ''],
  ['/a/../b', ''],
  ['/"><script>', ''],
  ['/a b', ''],
  [['/a', '/b'], ''],
])('the prefix of %j is %j', (header, prefix) => expect(prefixOf(header)).toBe(prefix));
