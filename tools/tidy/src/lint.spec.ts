import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = join(import.meta.dirname, '../../..');

/**
 * The house's own configuration; rules that need types are left out, because the files exist only here.
 * The boundaries need nx's graph of the projects, which every build leaves behind: without it they are silent, and this spec red.
 */
const linter = new ESLint({ cwd: root, overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }] });

async function lint(path: string, text: string): Promise<string[]> {
  const [result] = await linter.lintText(text, { filePath: join(root, path) });
  return (result?.messages ?? [])
    .filter(({ ruleId }) => !ruleId?.includes('no-unused'))
    .map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

const boundaries = '@nx/enforce-module-boundaries';
const imports = 'no-restricted-imports';

beforeAll(() => lint('apps/gateway/src/warm-up.ts', ''), 60_000);

describe('the linter refuses', () => {
  test.each([
    ['an app that imports an app', 'apps/gateway/src/a.ts', "import '../../job-service/src/main.js';", boundaries],
    ['an app that imports a tool', 'apps/gateway/src/a.ts', "import '@kintsugi/supervisor';", boundaries],
    ['contracts that import a library', 'libs/shared/contracts/src/a.ts', "import '@kintsugi/messaging';", boundaries],
    ['contracts that import another package', 'libs/shared/contracts/src/a.ts', "import 'mongoose';", boundaries],
    ['contracts that import a node: module', 'libs/shared/contracts/src/a.ts', "import 'node:fs';", imports],
    ['an SDK that imports the store', 'libs/worker-sdk/src/a.ts', "import '@kintsugi/persistence';", boundaries],
    ['an example that imports what is not public', 'examples/newsletter/src/a.ts', "import '@kintsugi/hosting';", boundaries],
    [
      'a way round the door of a library',
      'apps/gateway/src/a.ts',
      "import '../../../libs/shared/contracts/src/index.js';",
      boundaries,
    ],
  ])('%s', async (_, path, text, rule) => {
    expect((await lint(path, text)).join()).toContain(rule);
  });

  test.each([
    ['MongoDB in a command', 'apps/job-service/src/jobs/commands/a.ts', "import 'mongodb';"],
    ['mongoose in http/', 'apps/gateway/src/jobs/http/a.ts', "import 'mongoose';"],
    ['NATS in nats/', 'apps/job-service/src/jobs/nats/a.ts', "import '@nats-io/nats-core';"],
    ['Fastify in nats/', 'apps/gateway/src/jobs/nats/a.ts', "import 'fastify';"],
    [
      'a controller in commands/',
      'apps/gateway/src/jobs/commands/a.ts',
      "import { Controller } from '@nestjs/common'; void Controller;",
    ],
    ['a message handler in http/', 'apps/gateway/src/jobs/http/a.ts', "import '@nestjs/microservices';"],
    ['a child process in an app', 'apps/gateway/src/a.ts', "import 'node:child_process';"],
    ['a metric beside the catalogue', 'apps/gateway/src/a.ts', "import '@prometheus-io/client';"],
    ['a framework in domain/', 'apps/job-service/src/jobs/domain/a.ts', "import '@nestjs/common';"],
    ['the store in domain/', 'apps/job-service/src/jobs/domain/a.ts', "import '@kintsugi/persistence';"],
    ['a node: module in domain/', 'apps/job-service/src/jobs/domain/a.ts', "import 'node:crypto';"],
    ['an edge in domain/', 'apps/job-service/src/jobs/domain/a.ts', "import '../mongo/job-store.js';"],
    ['a file in a spec beside the code', 'apps/job-service/src/jobs/a.spec.ts', "import 'node:fs';"],
    ['a server in a spec beside the code', 'apps/job-service/src/jobs/a.spec.ts', "import '@kintsugi/testing';"],
    ['a sleep by module in a test', 'tests/system/a.sys-spec.ts', "import 'node:timers/promises';"],
  ])('%s', async (_, path, text) => {
    expect((await lint(path, text)).join()).toContain(imports);
  });

  test.each([
    [
      'the clock in domain/',
      'apps/job-service/src/jobs/domain/a.ts',
      'export const at = Date.now();',
      'no-restricted-properties',
    ],
    ['a new date in domain/', 'apps/job-service/src/jobs/domain/a.ts', 'export const at = new Date();', 'no-restricted-syntax'],
    [
      'randomness in domain/',
      'apps/job-service/src/jobs/domain/a.ts',
      'export const at = Math.random();',
      'no-restricted-properties',
    ],
    ['a timer in domain/', 'apps/job-service/src/jobs/domain/a.ts', 'setTimeout(run, 1);', 'no-restricted-globals'],
    [
      'performance in domain/',
      'apps/job-service/src/jobs/domain/a.ts',
      'export const at = performance.now();',
      'no-restricted-globals',
    ],
    [
      'the process in domain/',
      'apps/job-service/src/jobs/domain/a.ts',
      'export const { pid } = process;',
      'no-restricted-globals',
    ],
    ['a setter of a state', 'apps/job-service/src/jobs/a.ts', 'store.updateStatus(1);', 'no-restricted-syntax'],
    [
      'a setting beside the config',
      'apps/job-service/src/jobs/a.ts',
      'export const url = process.env.NATS_URL;',
      'no-restricted-syntax',
    ],
    [
      'a sleep in a test',
      'tests/system/a.sys-spec.ts',
      'await new Promise((go) => setTimeout(go, 100));',
      'no-restricted-syntax',
    ],
    ['a default export', 'libs/client/src/a.ts', 'export default 1;', 'import-x/no-default-export'],
    ['console', 'apps/gateway/src/a.ts', "console.error('no');", 'no-console'],
    ['==', 'apps/gateway/src/a.ts', 'export const same = one == other;', 'eqeqeq'],
    ['a file of 301 lines', 'apps/gateway/src/a.ts', 'run();\n'.repeat(301), 'max-lines'],
    [
      'a function of 71 lines',
      'apps/gateway/src/a.ts',
      `export function a() {\n${'run();\n'.repeat(69)}}`,
      'max-lines-per-function',
    ],
    [
      'a type imported as a value',
      'apps/gateway/src/a.ts',
      "import { Bus } from './bus.js';\nexport const f = (bus: Bus) => bus;",
      'consistent-type-imports',
    ],
  ])('%s', async (_, path, text, rule) => {
    expect((await lint(path, text)).join()).toContain(rule);
  });
});

describe('the linter lets pass', () => {
  test.each([
    ['the contracts in domain/', 'apps/job-service/src/jobs/domain/a.ts', "import '@kintsugi/contracts';\nimport './b.js';"],
    [
      'a given time in domain/',
      'apps/job-service/src/jobs/domain/a.ts',
      'export const at = (now: number) => new Date(now).toISOString();',
    ],
    ['MongoDB in mongo/', 'apps/job-service/src/jobs/mongo/a.ts', "import 'mongodb';"],
    [
      'a controller in http/',
      'apps/gateway/src/jobs/http/a.ts',
      "import { Controller } from '@nestjs/common';\nexport const made = Controller();",
    ],
    ['zod in the contracts', 'libs/shared/contracts/src/a.ts', "import 'zod';"],
    ['a server in an integration test', 'tests/integration/jobs/a.int-spec.ts', "import '@kintsugi/testing';\nimport 'mongodb';"],
  ])('%s', async (_, path, text) => {
    expect(await lint(path, text)).toEqual([]);
  });
});

test('a cycle of imports is refused', async () => {
  const cycle = "import { doors } from './rules/doors.js';\nexport const codeOf = () => doors;";
  expect((await lint('tools/tidy/src/areas.ts', cycle)).join()).toContain('import-x/no-cycle');
});

test('a promise that nobody waits for is refused', async () => {
  const typed = new ESLint({ cwd: root });
  const path = join(root, 'tools/tidy/src/rule.ts');
  const [result] = await typed.lintText('async function run() {}\nrun();\n', { filePath: path });
  expect(result?.messages.map(({ ruleId }) => ruleId)).toContain('@typescript-eslint/no-floating-promises');
}, 60_000);
