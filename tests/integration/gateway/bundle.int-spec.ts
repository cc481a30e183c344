// What `up` starts is one file of a service, which still finds what lies beside its modules.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { bundleOf } from '../../../tools/supervisor/src/domain/process-roles.js';
import { GatewayProcess } from './gateway-process.js';
import { GatewayUnderTest } from './gateway-under-test.js';

const root = join(import.meta.dirname, '../../..');
const hasMain = (app: string): boolean => existsSync(join(root, 'apps', app, 'src', 'main.ts'));
/** The worker starts from its modules: failures are grouped by the files in its stacks. */
const services = readdirSync(join(root, 'apps')).filter((app) => app !== 'worker' && hasMain(app));

test('each is built before it is made one file', () => {
  const project = JSON.parse(readFileSync(join(root, 'tools/bundles/project.json'), 'utf8')) as {
    targets: { build: { dependsOn: [{ projects: string[] }] } };
  };
  const [{ projects }] = project.targets.build.dependsOn;
  expect(projects.toSorted()).toEqual([...services.map((app) => `@kintsugi/${app}`), 'libs/**'].toSorted());
});

test.each(services)('%s is one file, which loads no other as it starts', (app) => {
  const text = readFileSync(join(root, bundleOf(app)), 'utf8');
  const imported = [...text.matchAll(/^(?:import|export)\b[^;'"]*?(?:\bfrom )?["']([^"']+)["'];$/gm)].map(
    ([, from = '']) => from,
  );
  expect(imported.length).toBeGreaterThan(0);
  expect(imported.filter((from) => !from.startsWith('node:') && !isOfNode(from))).toEqual([]);
});

/** Packages name modules of Node.js without the prefix, too. */
function isOfNode(name: string): boolean {
  return process.getBuiltinModule(name) !== undefined;
}

describe('the gateway as one file', () => {
  let under: GatewayUnderTest;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    under = await GatewayUnderTest.start();
    gateway = await GatewayProcess.start({ NATS_URL: under.nats.url, AUTH: 'off' });
  });

  afterAll(async () => {
    await gateway?.stop();
    await under?.stop();
  });

  it.each(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'])('finds %s in its package', async (path) => {
    expect((await fetch(gateway.url + path)).status).toBe(200);
  });

  it('finds the pages that were built', async () => {
    const isBuilt = existsSync(join(root, 'apps/console/dist/index.html'));
    expect((await fetch(`${gateway.url}/jobs`)).status).toBe(isBuilt ? 200 : 404);
  });

  it('describes itself', async () => {
    expect(await (await fetch(`${gateway.url}/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0' });
  });
});
