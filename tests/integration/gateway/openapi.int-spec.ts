import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentedRoutes } from '../../../apps/gateway/src/openapi/documented-routes.js';
import { buildOpenApi } from '../../../apps/gateway/src/openapi/build-openapi.js';
import { GatewayUnderTest } from './gateway-under-test.js';

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
});

afterAll(() => under.stop());

describe('the description of the API', () => {
  it('tells every route that there is, and no other', () => {
    const there = under.routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const told = documentedRoutes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(there.sort()).toEqual(told.sort());
  });

  it('is served to anyone', async () => {
    const reply = await under.fetch('/openapi.json', { key: null });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual(JSON.parse(JSON.stringify(buildOpenApi())));
  });
});

describe('the page to try it', () => {
  it('needs nothing from elsewhere and keeps to its own strict policy', async () => {
    const page = await under.fetch('/docs', { key: null });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(page.text).not.toMatch(/<script>|<style>| style=| on\w+=|https?:\/\//);
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files).toHaveLength(4);
    for (const path of files) {
      const file = await under.fetch(path, { key: null });
      expect(file.status).toBe(200);
      expect(file.text.length).toBeGreaterThan(50);
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});

describe('every answer', () => {
  it.each(['/health/live', '/v1/jobs', '/nothing', '/openapi.json'])('of %s has the security headers', async (path) => {
    const { headers } = await under.fetch(path, { key: null });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});
