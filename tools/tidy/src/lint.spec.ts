import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = join(import.meta.dirname, '../../..');

/**
 * The house's own configuration; rules that need types are left out, because the files exist only here.
 * The boundaries need nx's graph of the projects, which every build leaves behind: without it they are silent, and this spec red.
 */
const linter = new ESLint({ cwd: root, overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }] });

/** With types. Where `CI` is set the parser reads each file once, from the disk, and would not see the text given here. */
const typedLinter = new ESLint({
  cwd: root,
  overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } }],
});

async function lint(path: string, text: string): Promise<string> {
  const [result] = await linter.lintText(text, { filePath: join(root, path) });
  const messages = (result?.messages ?? []).filter(({ ruleId }) => !ruleId?.includes('no-unused'));
  return messages.map(({ ruleId, message }) => `${ruleId}: ${message}`).join('\n');
}

const app = 'apps/gateway/src/a.ts';
const command = 'apps/job-service/src/jobs/commands/a.ts';
const domain = 'apps/job-service/src/jobs/domain/a.ts';
const http = 'apps/gateway/src/jobs/http/a.ts';
const mongo = 'apps/job-service/src/jobs/mongo/a.ts';
const nats = 'apps/job-service/src/jobs/nats/a.ts';
const contracts = 'libs/shared/contracts/src/a.ts';
const spec = 'apps/job-service/src/jobs/a.spec.ts';
const systemTest = 'tests/system/a.sys-spec.ts';

// The first look at each kind of file reads the configuration, the graph of projects or all types.
jest.setTimeout(60_000);

describe('the boundaries of the projects refuse', () => {
  test.each([
    ['an app that imports an app', app, '../../job-service/src/main.js'],
    ['an app that imports a tool', app, '@kintsugi/supervisor'],
    ['contracts that import a library', contracts, '@kintsugi/messaging'],
    ['contracts that import another package', contracts, 'mongodb'],
    ['an SDK that imports the store', 'libs/worker-sdk/src/a.ts', '@kintsugi/persistence'],
    ['an example that imports what is not public', 'examples/newsletter/src/a.ts', '@kintsugi/hosting'],
    ['a way round the door of a library', app, '../../../libs/shared/contracts/src/index.js'],
  ])('%s', async (_, path, module) => {
    expect(await lint(path, `import '${module}';`)).toContain('@nx/enforce-module-boundaries');
  });
});

describe('imports are refused of', () => {
  test.each([
    ['a node: module in the contracts', contracts, "import 'node:fs';"],
    ['MongoDB in a command', command, "import 'mongodb';"],
    ['MongoDB in http/', http, "import 'mongodb';"],
    ['NATS in nats/', nats, "import '@nats-io/nats-core';"],
    ['Fastify in nats/', nats, "import 'fastify';"],
    ['a controller in commands/', command, "import { Controller } from '@nestjs/common';"],
    ['a message handler in http/', http, "import '@nestjs/microservices';"],
    ['a child process in an app', app, "import 'node:child_process';"],
    ['a metric beside the catalogue', app, "import '@prometheus-io/client';"],
    ['a framework in domain/', domain, "import '@nestjs/common';"],
    ['the store in domain/', domain, "import '@kintsugi/persistence';"],
    ['a node: module in domain/', domain, "import 'node:crypto';"],
    ['an edge in domain/', domain, "import '../mongo/job-store.js';"],
    ['a file in a spec beside the code', spec, "import 'node:fs';"],
    ['a server in a spec beside the code', spec, "import '@kintsugi/testing';"],
    ['a sleep in a test', systemTest, "import 'node:timers/promises';"],
  ])('%s', async (_, path, text) => {
    expect(await lint(path, text)).toContain('no-restricted-imports');
  });
});

describe('a callback without a boundary is refused:', () => {
  test.each([
    ['an interval', 'setInterval(() => work(), 5);'],
    ['a time-out', 'setTimeout(() => work(), 5);'],
    ['the next turn', 'setImmediate(work);'],
    ['a microtask', 'queueMicrotask(work);'],
    ['a listener', "socket.on('error', () => work());"],
    ['a listener for once', "socket.once('end', function () { work(); });"],
    ['a promise that nobody awaits', 'void work();'],
  ])('%s', async (_, text) => {
    for (const path of [app, command, 'libs/worker-sdk/src/a.ts', 'libs/shared/messaging/src/a.ts']) {
      expect(await lint(path, text)).toContain('@kintsugi/boundary');
    }
  });

  test.each([
    "every('a', 5, work);",
    "socket.on('error', guarded('a', work));",
    'await new Promise((resolve) => setTimeout(resolve, 5));',
  ])('and not %s', async (text) => expect(await lint(app, text)).toBe(''));
});

describe('a feature of job-service', () => {
  test.each([
    ['tasks/ what jobs/ is', 'tasks/a.ts', '../jobs/job-ledger.js'],
    ['jobs/ what dispatch/ is', 'jobs/commands/a.ts', '../../dispatch/task-engine.js'],
    ['dispatch/ what control/ is', 'dispatch/a.ts', '../control/commands/cancel-job.js'],
  ])('does not know who uses it: not %s', async (_, path, module) => {
    expect(await lint(`apps/job-service/src/${path}`, `import '${module}';`)).toContain('import-x/no-restricted-paths');
  });

  test('knows those below it', async () => {
    const text = "import '../jobs/job-ledger.js';\nimport '../tasks/chunk-writer.js';\n";
    expect(await lint('apps/job-service/src/dispatch/a.ts', text)).toBe('');
  });
});

describe('the linter refuses', () => {
  test.each([
    ['the clock in domain/', domain, 'export const at = Date.now();', 'no-restricted-properties'],
    ['a new date in domain/', domain, 'export const at = new Date();', 'no-restricted-syntax'],
    ['randomness in domain/', domain, 'export const at = Math.random();', 'no-restricted-properties'],
    ['a timer in domain/', domain, 'setTimeout(run, 1);', 'no-restricted-globals'],
    ['performance in domain/', domain, 'export const at = performance.now();', 'no-restricted-globals'],
    ['the process in domain/', domain, 'export const { pid } = process;', 'no-restricted-globals'],
    ['a setter of a state', command, 'store.updateStatus(1);', 'no-restricted-syntax'],
    ['a setting beside the config', command, 'export const url = process.env.NATS_URL;', 'no-restricted-syntax'],
    ['a sleep in a test', systemTest, 'await new Promise((go) => setTimeout(go, 100));', 'no-restricted-syntax'],
    ['a default export', 'libs/client/src/a.ts', 'export default 1;', 'import-x/no-default-export'],
    ['console', app, "console.error('no');", 'no-console'],
    ['==', app, 'export const same = one == other;', 'eqeqeq'],
    ['a file of 301 lines', app, 'run();\n'.repeat(301), 'max-lines'],
    ['a function of 71 lines', app, `export function a() {\n${'run();\n'.repeat(69)}}`, 'max-lines-per-function'],
    ['a debugger', app, 'debugger;', 'no-debugger'],
    ['a reminder', app, `// ${'TO' + 'DO'}: later`, 'no-warning-comments'],
    ['a silenced linter without a reason', app, '// eslint-disable-next-line no-var\nvar a = 1;', 'require-description'],
    ['a silenced compiler without a reason', app, '// @ts-expect-error\nrun();', 'ban-ts-comment'],
    ['a silenced formatter', app, '// prettier-ignore\nrun();', 'no-warning-comments'],
    ['`export *`', app, "export * from './b.js';", 'no-restricted-syntax'],
    ['`export *` under a name', domain, "export * as b from './b.js';", 'no-restricted-syntax'],
    ['code in a door', 'libs/shared/messaging/src/index.ts', 'export const answer = 42;', 'no-restricted-syntax'],
    ['a type imported as a value', app, "import { Bus } from './b.js';\nexport let bus: Bus;", 'consistent-type-imports'],
  ])('%s', async (_, path, text, rule) => {
    expect(await lint(path, text)).toContain(rule);
  });

  test('a cycle of imports', async () => {
    const cycle = "import { links } from './rules/sizes.js';\nexport const codeOf = () => links;";
    expect(await lint('tools/tidy/src/areas.ts', cycle)).toContain('import-x/no-cycle');
  });

  test('a promise that nobody waits for', async () => {
    const [result] = await typedLinter.lintText('async function run() {}\nrun();\n', {
      filePath: join(root, 'tools/tidy/src/rule.ts'),
    });
    expect(result?.messages.map(({ ruleId }) => ruleId)).toContain('@typescript-eslint/no-floating-promises');
  });
});

describe('of tests the linter refuses', () => {
  test.each([
    ['a focused one', "test.only('a', f);", 'jest/no-focused-tests'],
    ['a focused group', "describe.only('a', f);", 'jest/no-focused-tests'],
    ['a skipped one', "test.skip('a', f);", 'jest/no-disabled-tests'],
    ['one skipped by its name', "xit('a', f);", 'jest/no-disabled-tests'],
    ['one that is skipped now and then', "(onLinux ? test : test.skip)('a', f);", 'no-restricted-syntax'],
    ['one to be written', "test.todo('a');", 'no-restricted-syntax'],
    ['a second one of the same name', "test('a', f);\nit('a', f);", 'jest/no-identical-title'],
    ['a second one of the same name below a heading', "describe('a', () => { test('b', f); test('b', f); });", 'identical-title'],
    ['one that is commented out', "// test('a', f);", 'jest/no-commented-out-tests'],
  ])('%s', async (_, text, rule) => {
    expect(await lint(systemTest, text)).toContain(rule);
  });

  test.each([
    "describe('a', () => { test('c', f); }); describe('b', () => { test('c', f); });",
    '// eslint-disable-next-line no-restricted-syntax -- only Linux tells which process listens\nconst f = test.skip;\nf();',
    "/a/.test('b');",
  ])('and not %s', async (text) => expect(await lint(systemTest, text)).toBe(''));
});

describe('the linter refuses the name', () => {
  test.each([
    ['apps/job-service/src/utils.ts', 'says nothing'],
    ['apps/job-service/src/helpers/clock.ts', 'says nothing'],
    ['libs/shared/common/src/a.ts', 'says nothing'],
    ['tools/cli/src/string-utils.ts', 'says nothing'],
    ['tools/planted/utils/bug.json', 'says nothing'],
    ['apps/job-service/src/jobs/job.types.ts', 'naming-convention'],
    ['apps/job-service/src/jobs/jobs.service.ts', 'naming-convention'],
    ['apps/job-service/src/jobs/jobs.repository.ts', 'naming-convention'],
    ['apps/job-service/src/jobLifecycle.ts', 'naming-convention'],
    ['tools/planted/bugs/deadPeer.json', 'naming-convention'],
    ['apps/job-service/src/Jobs/domain.ts', 'folder-naming-convention'],
    ['apps/gateway/src/index.ts', 'folder-match'],
    ['libs/shared/contracts/src/job/index.ts', 'folder-match'],
    ['tests/integration/stray.int-spec.ts', 'folder-match'],
    ['tests/system/job.int-spec.ts', 'folder-match'],
    ['tests/integration/messaging/bus.spec.ts', 'folder-match'],
    ['docs/adr/outbox.md', 'A decision is called'],
  ])('%s', async (path, message) => {
    expect(await lint(path, '')).toContain(message);
  });
});

describe('the linter lets pass', () => {
  test.each([
    'apps/job-service/src/jobs/domain/job-lifecycle.ts',
    'apps/job-service/src/jobs/domain/job-lifecycle.spec.ts',
    'apps/job-service/src/job-service.config.ts',
    'libs/shared/messaging/src/index.ts',
    'tests/integration/messaging/bus.int-spec.ts',
    'tests/system/job-completes.sys-spec.ts',
    'docs/adr/0001-outbox.md',
    'examples/newsletter/README.md',
  ])('the name %s', async (path) => expect(await lint(path, '')).toBe(''));

  test.each([
    ['the contracts in domain/', domain, "import '@kintsugi/contracts';\nimport './b.js';"],
    ['a given time in domain/', domain, 'export const at = (now: number) => new Date(now).toISOString();'],
    ['MongoDB in mongo/', mongo, "import 'mongodb';"],
    ['a controller in http/', http, "import { Controller } from '@nestjs/common';\nexport const made = Controller();"],
    ['zod in the contracts', contracts, "import 'zod';"],
    ['a server in an integration test', 'tests/integration/jobs/a.int-spec.ts', "import '@kintsugi/testing';\nimport 'mongodb';"],
  ])('%s', async (_, path, text) => {
    expect(await lint(path, text)).toBe('');
  });
});
