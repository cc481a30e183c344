import { expect, test } from '@jest/globals';
import { exampleEnvironment } from './example-environment.js';
import type { Setting } from './settings.js';

const setting = (name: string, text: string): Setting => ({
  name,
  type: 'string',
  fallback: { kind: 'value', text },
  meaning: `${name}.`,
});

test('each setting is there once, unset, with its meaning, its type and its default', () => {
  const text = exampleEnvironment([
    { title: 'one', source: 'one.config.ts', settings: [setting('A_B', 'x y'), setting('C_D', '4')] },
    { title: 'two', source: 'two.config.ts', settings: [setting('C_D', '5')] },
  ]);
  expect(text).toContain('\n\n# A_B.\n# string\n#A_B="x y"\n\n# C_D.\n# string\n#C_D=4\n');
  expect(text).not.toContain('C_D=5');
});
