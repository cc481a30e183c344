import { Controller, Get, Module } from '@nestjs/common';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { apiKeyOf, limits, operations, roles, type ActionName, type Role } from '@kintsugi/contracts';
import { SettingsError, createService } from '@kintsugi/hosting';
import { gateway } from '../../../apps/gateway/src/gateway.js';
import { NeedsRole } from '../../../apps/gateway/src/keys/http/access.js';
import { KeysModule } from '../../../apps/gateway/src/keys/keys.module.js';
import { storedKeys } from '../../../apps/gateway/src/keys/stored-keys.js';
import { documentedRoutes } from '../../../apps/gateway/src/openapi/documented-routes.js';
import type { EndpointAction } from '../../../apps/gateway/src/operations/domain/operation-request.js';
import { exampleData } from '../../../apps/gateway/src/openapi/examples.js';
import { GatewayUnderTest, type Reply } from './gateway-under-test.js';
import { rawReplies } from './raw-http.js';

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
});

afterAll(() => under.stop());

beforeEach(() => under.writeKeys());

interface Call {
  name: string;
  role: Role;
  method: string;
  path: string;
  body?: unknown;
}

/** Every route, and every action of those that take actions, with the least role that may call it. */
const calls = documentedRoutes.flatMap((route): Call[] => {
  if (route.access === 'anyone') return [];
  const path = route.path.replace('{id}', route.id?.example ?? '');
  const method = route.method.toUpperCase();
  if (!route.actions) {
    return [
      {
        name: `${method} ${route.path}`,
        role: route.access,
        method,
        path,
        ...(route.takes ? { body: exampleData[route.takes] } : {}),
        ...(route.body ? { body: route.body.example } : {}),
      },
    ];
  }
  return route.actions.map((action: ActionName) => {
    const data = exampleData[action as EndpointAction];
    return { name: `${route.path} ${action}`, role: operations[action].role, method, path, body: { action, data } };
  });
});

function call({ method, path, body }: Call, key: string | null): Promise<Reply> {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return under.fetch(path, { method, key, ...json });
}

describe('who may call what', () => {
  it.each(calls.flatMap((asked) => roles.map((has) => ({ ...asked, has }))))('$name as $has', async (asked) => {
    const reply = await call(asked, under.keys[asked.has]);
    if (roles.indexOf(asked.has) >= roles.indexOf(asked.role)) {
      // The services are away here, no query is given and the key of the example may be gone: that the call got as far is the answer.
      expect([200, 400, 404, 409, 503]).toContain(reply.status);
      return;
    }
    expect(reply).toMatchObject({ status: 403, problem: { code: 'FORBIDDEN', current: asked.has } });
    expect(reply.problem.allowed).toEqual(roles.slice(roles.indexOf(asked.role)));
  });

  it.each(calls)('$name without a good key', async (asked) => {
    const unknown = apiKeyOf('nobody', 'a'.repeat(40));
    const wrong = `${under.keys.admin.slice(0, -1)}${under.keys.admin.endsWith('0') ? '1' : '0'}`;
    const answers = await Promise.all([null, unknown, wrong, 'kin_', 'x'.repeat(2_000)].map((key) => call(asked, key)));
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 401, problem: { code: 'UNAUTHENTICATED' } });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="kintsugi"');
    }
    const texts = answers.map(({ problem: { request_id: _, ...rest } }) => JSON.stringify(rest));
    expect(new Set(texts).size).toBe(1);
  });

  it.each(documentedRoutes.filter(({ access }) => access === 'anyone').map(({ path }) => path))(
    '%s is open to anyone',
    async (path) => {
      expect([200, 503]).toContain((await under.fetch(path.replace('{file}', 'start.js'), { key: null })).status);
    },
  );

  it.each(['/job-operations', '/error-operations'])('no page of another site writes to %s', async (path) => {
    const write = (headers: Record<string, string>) => under.post(path, { action: 'nothing', data: {} }, headers);
    for (const [name, value] of [
      ['origin', 'https://evil.example'],
      ['origin', 'null'],
      ['sec-fetch-site', 'cross-site'],
    ] as const) {
      const refused = await write({ [name]: value });
      expect(refused).toMatchObject({ status: 403, problem: { code: 'ORIGIN_NOT_ALLOWED' } });
      expect(refused.problem.detail).toContain('ALLOWED_ORIGINS');
    }
    expect(await write({})).toMatchObject({ status: 400, problem: { code: 'ACTION_UNKNOWN' } });
    expect(await write({ origin: under.url })).toMatchObject({ status: 400, problem: { code: 'ACTION_UNKNOWN' } });
    await under.close();
    await under.open({ ALLOWED_ORIGINS: 'https://else.example, https://console.example' });
    expect(await write({ origin: 'https://console.example' })).toMatchObject({ status: 400 });
    expect(await write({ origin: 'https://evil.example' })).toMatchObject({ status: 403 });
  });

  it('an upload needs the role of createJob, and nothing of it is read otherwise', async () => {
    const reply = await under.fetch('/job-operations', {
      method: 'POST',
      key: under.keys.viewer,
      headers: { 'content-type': 'application/x-ndjson' },
      body: 'x'.repeat(1_000_000),
    });
    expect(reply).toMatchObject({ status: 403, problem: { code: 'FORBIDDEN' } });
  });

  it.each(['/job-operations', '/error-operations'])(
    'a viewer can only ask at %s, and a large body is not read for that',
    async (path) => {
      const ask = (key: string) =>
        under.fetch(path, {
          method: 'POST',
          key,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ action: 'nothing', data: 'x'.repeat(limits.viewerBodyBytes) }),
        });
      const refused = await ask(under.keys.viewer);
      expect(refused).toMatchObject({ status: 413, problem: { code: 'BODY_TOO_LARGE' } });
      expect(refused.problem.errors).toMatchObject([{ allowed: `at most ${limits.viewerBodyBytes} bytes` }]);
      expect(await ask(under.keys.operator)).toMatchObject({ status: 400, problem: { code: 'ACTION_UNKNOWN' } });
    },
  );

  it.each(['/v1/%6Aobs', '/v1/jobs?', '/v1/jobs?x=/health/live', '/v1/jobs#/health/live'])(
    '%s is guarded as well',
    async (path) => {
      const [reply] = await rawReplies(under.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect([400, 401]).toContain(reply?.status);
    },
  );

  it('a key works as Bearer only', async () => {
    for (const authorization of [under.keys.admin, `Basic ${under.keys.admin}`, `Bearer ${under.keys.admin} x`, 'Bearer']) {
      expect(await under.fetch('/health', { key: null, headers: { authorization } })).toMatchObject({ status: 401 });
    }
    expect(await under.fetch('/health', { key: null, headers: { authorization: `bearer  ${under.keys.admin}` } })).toMatchObject({
      status: 200,
    });
  });
});

describe('the start', () => {
  const start = (settings: Record<string, string>) => GatewayUnderTest.start(settings).then((started) => started.stop());

  it.each([
    ['AUTH=off on an address that others reach', { AUTH: 'off', API_HOST: '0.0.0.0' }, 'AUTH=off is refused'],
    ['a first key that is none', { FIRST_ADMIN_KEY: 'kin_admin_secret' }, 'FIRST_ADMIN_KEY: a key such as'],
    ['settings of another shape', { API_PORT: '99999', AUTH: 'maybe' }, /API_PORT: .*\n.*AUTH: /],
  ])('is refused with %s', async (_, settings, message) => {
    await expect(start(settings as Record<string, string>)).rejects.toThrow(message);
    await expect(start(settings as Record<string, string>)).rejects.toThrow(SettingsError);
  });

  it('is refused with a route that does not say who may call it', async () => {
    @Controller()
    class Careless {
      @Get('guarded')
      @NeedsRole('viewer')
      guarded(): string {
        return '';
      }

      @Get('forgotten')
      forgotten(): string {
        return '';
      }
    }
    @Module({ imports: [KeysModule.with(storedKeys)], controllers: [Careless] })
    class CarelessModule {}
    const careless = createService(
      { ...gateway, nats: false, module: CarelessModule },
      { environment: { API_PORT: '0', OPS_PORT: '0', AUTH: 'off' }, logger: pino({ level: 'silent' }) },
    );
    await expect(careless.start()).rejects.toThrow('each @NeedsRole or @OpenToAnyone: Careless.forgotten.');
  });
});

describe('while AUTH is off', () => {
  let open: GatewayUnderTest;

  beforeAll(async () => {
    open = await GatewayUnderTest.start({ AUTH: 'off' });
  });

  afterAll(() => open.stop());

  it('no key is needed, and one line warns of it', async () => {
    expect((await open.fetch('/health', { key: null })).status).toBe(200);
    expect(open.logged.filter(({ msg }) => String(msg).startsWith('AUTH is off'))).toHaveLength(1);
  });

  it.each(['localhost', '127.0.0.1:9', '[::1]:80'])('%s is a name of this machine', async (host) => {
    const [reply] = await rawReplies(open.port, `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(reply?.status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', '192.168.1.4'])('%s is not, whatever it resolves to', async (host) => {
    const [reply] = await rawReplies(open.port, `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(reply).toMatchObject({ status: 403, body: expect.stringContaining('"code":"HOST_NOT_ALLOWED"') });
  });
});
