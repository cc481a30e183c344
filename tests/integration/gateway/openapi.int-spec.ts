import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { documentedRoutes } from '../../../apps/gateway/src/openapi/documented-routes.js';
import { buildOpenApi } from '../../../apps/gateway/src/openapi/build-openapi.js';
import { exampleErrorRecordId, exampleJobId } from '../../../apps/gateway/src/openapi/examples.js';
import { FollowedJobs, unknownJobId } from './followed-jobs.js';
import { GatewayUnderTest } from './gateway-under-test.js';

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
});

afterAll(() => under.stop());

describe('the description of the API', () => {
  it('tells every route that there is, and no other', () => {
    // HEAD is wherever GET is, and needs no telling.
    const there = under.routes
      .filter(({ method }) => method !== 'HEAD')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const told = documentedRoutes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(there.sort()).toEqual(told.sort());
  });

  it('is served to anyone', async () => {
    const reply = await under.fetch('/openapi.json', { key: null });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual(JSON.parse(JSON.stringify(buildOpenApi())));
  });
});

describe('HEAD', () => {
  it.each(documentedRoutes.filter(({ method }) => method === 'get').map(({ path }) => path))(
    'is answered at %s as GET is, without the body',
    async (route) => {
      const id = route.startsWith('/v1/errors') ? exampleErrorRecordId : exampleJobId;
      const path = route.replace('{id}', id).replace('{file}', 'start.js');
      const [head, get] = [await under.fetch(path, { method: 'HEAD' }), await under.fetch(path)];
      expect(head.status).toBe(get.status);
      expect(head.text).toBe('');
      const named = ['content-type', 'cache-control', 'content-security-policy', 'x-content-type-options', 'retry-after'];
      for (const name of named) expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
      // What tells of this moment is of another length each time.
      if (!['/metrics', '/health'].includes(route) && get.status === 200) {
        expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
      }
      expect((await under.fetch(path, { method: 'HEAD', key: null })).status).toBe(
        (await under.fetch(path, { key: null })).status,
      );
    },
  );

  it('of an event stream tells of it and follows nothing', async () => {
    const jobs = new FollowedJobs(under);
    const head = await under.fetch(`/v1/jobs/${exampleJobId}/events`, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect((await under.fetch(`/v1/jobs/${unknownJobId}/events`, { method: 'HEAD' })).status).toBe(404);
    expect((await under.fetch('/metrics')).text).toMatch(/kintsugi_gateway_places_held\{[^}]*kind="event_stream"[^}]*\} 0/);
    await jobs.stop();
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
