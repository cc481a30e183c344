import { brotliDecompressSync } from 'node:zlib';
import { get as httpGet } from 'node:http';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { GatewayUnderTest, jobId } from './gateway-under-test.js';

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
});

afterAll(() => under.stop());

const sessionPath = '/console/session';
const ours = { 'x-kintsugi-console': '1' };

async function signIn(key = under.keys.viewer): Promise<string> {
  const reply = await under.fetch(sessionPath, {
    ...{ method: 'POST', key: null, body: JSON.stringify({ api_key: key }) },
    headers: { 'content-type': 'application/json', ...ours },
  });
  expect(reply.status).toBe(200);
  return reply.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('a session', () => {
  it('takes the place of a key, in a cookie that neither scripts nor other sites get', async () => {
    const reply = await under.fetch(sessionPath, {
      ...{ method: 'POST', key: null, body: JSON.stringify({ api_key: under.keys.viewer }) },
      headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'https', 'x-forwarded-prefix': '/ops' },
    });
    expect(reply.headers.get('set-cookie')).toMatch(/; Path=\/ops; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/);
    expect(reply.text).not.toContain(under.keys.viewer);
    const cookie = await signIn();
    expect(cookie).not.toContain(under.keys.viewer);
    expect((await under.fetch('/health', { key: null, headers: { cookie } })).status).toBe(200);
    expect((await under.fetch(sessionPath, { key: null, headers: { cookie } })).body).toMatchObject({
      ...{ auth: 'on', signed_in: true, key_id: 'test-viewer', role: 'viewer', tenant: null },
    });
  });

  it('is given for a good key only, and for no other site', async () => {
    const post = (body: unknown, headers: Record<string, string> = {}) =>
      under.fetch(sessionPath, {
        ...{ method: 'POST', key: null, body: JSON.stringify(body) },
        headers: { 'content-type': 'application/json', ...headers },
      });
    expect((await post({ api_key: 'kin_admin_' + '0'.repeat(64) })).problem.code).toBe('UNAUTHENTICATED');
    expect((await post({ api_key: 7 })).problem.code).toBe('VALIDATION_FAILED');
    expect((await post({})).problem.code).toBe('VALIDATION_FAILED');
    expect((await post({ api_key: under.keys.admin }, { origin: 'https://evil.example' })).problem.code).toBe(
      'ORIGIN_NOT_ALLOWED',
    );
    expect((await under.fetch(sessionPath, { method: 'PUT', key: null })).problem.code).toBe('METHOD_NOT_ALLOWED');
    expect((await under.fetch(sessionPath, { key: null })).body).toMatchObject({ auth: 'on', signed_in: false, role: null });
  });

  it('writes for pages of this server only: neither the cookie alone nor another site is enough', async () => {
    const cookie = await signIn(under.keys.operator);
    under.answer('cancelJob', () => {
      throw new Error('nobody should have asked');
    });
    const cancel = (headers: Record<string, string>) =>
      under.fetch('/job-operations', {
        ...{ method: 'POST', key: null, body: JSON.stringify({ action: 'cancelJob', data: { job_id: jobId } }) },
        headers: { 'content-type': 'application/json', cookie, ...headers },
      });
    expect((await cancel({})).problem.code).toBe('HEADER_INVALID');
    expect((await cancel({ ...ours, origin: 'https://evil.example' })).problem.code).toBe('ORIGIN_NOT_ALLOWED');
    expect((await cancel({ ...ours, 'sec-fetch-site': 'same-site' })).problem.code).toBe('UNAUTHENTICATED');
    expect(under.askedOf('cancelJob')).toEqual([]);
    expect((await under.fetch('/health', { key: null, headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(401);
    expect((await cancel(ours)).status).toBe(500);
    expect(under.askedOf('cancelJob')).toEqual([{ job_id: jobId }]);
  });

  it('may do what its key may, and a header with a key goes before it', async () => {
    const cookie = await signIn();
    const retry = (headers: Record<string, string>) =>
      under.fetch('/job-operations', {
        ...{ method: 'POST', key: null, body: JSON.stringify({ action: 'pauseJob', data: { job_id: jobId } }) },
        headers: { 'content-type': 'application/json', cookie, ...ours, ...headers },
      });
    expect((await retry({})).problem.code).toBe('FORBIDDEN');
    expect((await retry({ authorization: 'Bearer kin_x_' + 'a'.repeat(32) })).problem.code).toBe('UNAUTHENTICATED');
  });

  it('ends with its key, and when it is ended', async () => {
    const cookie = await signIn();
    const ended = await under.fetch(sessionPath, { method: 'DELETE', key: null, headers: { cookie, ...ours } });
    expect(ended.headers.get('set-cookie')).toMatch(/^kintsugi_session=; .*Max-Age=0/);
    under.writeKeys([], ['viewer']);
    try {
      await eventually(async () => {
        expect((await under.fetch('/health', { key: null, headers: { cookie } })).status).toBe(401);
      });
    } finally {
      under.writeKeys();
    }
  });
});

const isBuilt = existsSync(join(import.meta.dirname, '../../../apps/console/dist/index.html'));

describe('the pages', () => {
  it.each(['/', '/jobs', `/jobs/${jobId}`, '/failures', '/policies'])(
    'at %s are one, which is for anybody and holds nothing',
    async (path) => {
      const reply = await under.fetch(path, { key: null });
      if (!isBuilt) {
        expect(reply.problem).toMatchObject({ code: 'ROUTE_NOT_FOUND', detail: expect.stringContaining('./kintsugi setup') });
        return;
      }
      expect(reply.status).toBe(200);
      expect(reply.headers.get('cache-control')).toBe('no-store');
      const policy = reply.headers.get('content-security-policy') ?? '';
      const [, nonce = ''] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
      expect(nonce.length).toBeGreaterThan(20);
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(reply.text).toContain(`content="${nonce}"`);
      expect(reply.text).not.toMatch(/<script>|<style>| style=| on\w+=|https?:\/\//);
      expect((await under.fetch(path, { key: null })).text).not.toContain(nonce);
    },
  );

  it('stand under the path that a proxy says, and under none that is not plain', async () => {
    if (!isBuilt) return;
    const at = (prefix: string) => under.fetch('/jobs', { key: null, headers: { 'x-forwarded-prefix': prefix } });
    expect((await at('/ops/kintsugi')).text).toMatch(/src="\/ops\/kintsugi\/assets\/index-[^"]+\.js"/);
    expect((await at('/"><script>alert(1)</script>')).text).toMatch(/src="\/assets\/index-/);
  });

  it('have files that are kept for ever, and sent as small as the browser takes them', async () => {
    if (!isBuilt) return;
    const page = await under.fetch('/', { key: null });
    const [, path = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(page.text) ?? [];
    const plain = await raw(path, '');
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    });
    const small = await raw(path, 'gzip, br');
    expect(small.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(small.body).equals(plain.body)).toBe(true);
    expect((await raw(path, 'br;q=0, gzip')).headers['content-encoding']).toBe('gzip');
  });

  it('are shown after at most 350 kB of scripts and styles, compressed', async () => {
    if (!isBuilt) return;
    const page = await under.fetch('/', { key: null });
    const waiting = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, path = '']) => path);
    const bytes = new Map<string, number>();
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (bytes.has(path)) continue;
      bytes.set(path, (await raw(path, 'gzip')).body.length);
      const imported = (await raw(path, '')).body.toString().matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g);
      waiting.push(...[...imported].map(([, name = '']) => `/assets/${name}`));
    }
    expect([...bytes.keys()].filter((path) => path.endsWith('.css'))).not.toEqual([]);
    const whole = [...bytes.values()].reduce((sum, size) => sum + size, 0);
    expect(whole).toBeGreaterThan(100_000);
    expect(whole).toBeLessThanOrEqual(350_000);
  });

  it('have no other files', async () => {
    for (const path of ['/assets/nothing.js', '/assets/../package.json', '/assets/%2e%2e/package.json', '/assets/']) {
      expect(await under.fetch(path, { key: null })).toMatchObject({ status: 404, problem: { code: 'ROUTE_NOT_FOUND' } });
    }
  });
});

function raw(path: string, encodings: string): Promise<{ headers: NodeJS.Dict<string | string[]>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = encodings ? { 'accept-encoding': encodings } : {};
    httpGet(under.url + path, { headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.once('end', () => resolve({ headers: response.headers, body: Buffer.concat(pieces) }));
    }).once('error', reject);
  });
}
