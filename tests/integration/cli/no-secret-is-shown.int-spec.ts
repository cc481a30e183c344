import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { repository } from '@kintsugi/supervisor';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { createProgram } from '../../../tools/cli/src/program.js';
import { bundleOf } from '../../../tools/supervisor/src/domain/process-roles.js';
import { environmentWith, runCommand } from '../../command-line.js';

let folder: TemporaryFolder;

beforeEach(() => {
  folder = createTemporaryFolder('secrets');
});

afterEach(() => folder.remove());

const secret = 'geheim';
const urls = (kintsugi: string) => ({
  KINTSUGI_URL: kintsugi,
  KINTSUGI_API_KEY: `kin_cli_${'0f'.repeat(32)}`,
  NATS_URL: `nats://ada:${secret}@127.0.0.1:9`,
  MONGO_URL: `mongodb://ada:${secret}@127.0.0.1:9/?serverSelectionTimeoutMS=100&authSource=admin`,
  API_PORT: secret,
});
const argumentsOf: Record<string, string[]> = {
  submit: ['submit', join(repository, 'package.json')],
  job: ['job', 'job_01890a5d-ac96-774b-bcce-b302099a8057'],
  cancel: ['cancel', 'job_01890a5d-ac96-774b-bcce-b302099a8057'],
  recover: ['recover', 'grp_0123456789abcdef0123456789abcdef'],
  error: ['error', 'err_01890a5d-ac96-774b-bcce-b302099a8057.0.3'],
  policy: ['policy', 'list'],
};
/** Those that talk to an API, and `up`, which reads every setting: `API_PORT` keeps it from starting anything. */
const commands = createProgram().commands.filter(
  (command) => command.name() === 'up' || command.options.some(({ long }) => long === '--url'),
);

const spellings = [
  `http://ada:${secret}@127.0.0.1:9`,
  `http://ada:${secret}/x@127.0.0.1:9`,
  `http://127.0.0.1:9/?token=${secret}`,
];

describe('no command shows a secret of its settings', () => {
  // All of them read the address in one place, so that one of them is enough to try each spelling.
  test.each(commands.map((command) => command.name()))('%s', async (name) => {
    for (const url of name === 'job' || name === 'up' ? spellings : spellings.slice(0, 1)) {
      const environment = { ...urls(url), ...(name === 'up' ? {} : { API_PORT: '9' }) };
      for (const more of [[], ['--json']]) {
        const args = [...(argumentsOf[name] ?? [name]), ...more];
        const run = await runCommand(args, environment);
        expect(run.code).not.toBe(0);
        expect({ args, shown: (run.stdout + run.stderr).match(name === 'up' ? /ada:geheim/ : /geheim|0f0f0f/g) }).toEqual({
          args,
          shown: null,
        });
      }
    }
  });
});

describe('no service shows a secret of its settings', () => {
  test.each(['job-service', 'recovery-service', 'metrics-service', 'gateway'])('%s', async (name) => {
    for (const [settings, waits] of [
      [{ NATS_REPLICAS: 'many' }, false],
      [{ MONGO_URL: `mongodb+srv://ada:${secret}@127.0.0.1:9` }, true],
      [{}, true],
    ] as const) {
      const environment = environmentWith({
        ...urls(''),
        API_PORT: '9',
        OPS_PORT: '0',
        OPS_TOKEN: `${secret}-`.repeat(3),
        KINTSUGI_LEASHED: '1',
        LOG_LEVEL: 'trace',
        ...settings,
      });
      const child = spawn(process.execPath, [join(repository, bundleOf(name))], { env: environment });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => (said += text));
      }
      let ended = false;
      child.once('close', () => (ended = true));
      if (waits) child.stdin.end();
      await eventually(() => expect(ended).toBe(true));
      expect({ settings, said: said.includes(secret) ? said : '' }).toEqual({ settings, said: '' });
    }
  });
});
