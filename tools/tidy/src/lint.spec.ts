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
    ['a type imported as a value', app, "import { Bus } from './b.js';\nexport let bus: Bus;", 'consistent-type-imports'],
  ])('%s', async (_, path, text, rule) => {
    expect(await lint(path, text)).toContain(rule);
  });

  test('a cycle of imports', async () => {
    const cycle = "import { doors } from './rules/doors.js';\nexport const codeOf = () => doors;";
    expect(await lint('tools/tidy/src/areas.ts', cycle)).toContain('import-x/no-cycle');
  });

  test('a promise that nobody waits for', async () => {
    const [result] = await typedLinter.lintText('async function run() {}\nrun();\n', {
      filePath: join(root, 'tools/tidy/src/rule.ts'),
    });
    expect(result?.messages.map(({ ruleId }) => ruleId)).toContain('@typescript-eslint/no-floating-promises');
  });
});

describe('the linter lets pass', () => {
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
