import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { settingsReference } from './settings-reference.js';
import { settingsGroups } from './settings.js';
import { exportsOf } from './workspace.js';

type InForce = (settings: Record<string, unknown>) => Record<string, string>;

const groups = (await settingsGroups()).filter(({ source }) => /^(apps|libs\/shared)\//.test(source));

test('a process that is given nothing tells each setting as the reference has its default, so that none is shown as changed', async () => {
  const { settingsInForce } = (await exportsOf('libs/shared/hosting/src/settings-in-force.ts')) as { settingsInForce: InForce };
  const others: string[] = [];
  for (const { source, settings } of groups) {
    const shapes = Object.values(await exportsOf(source)) as Record<string, unknown>[];
    for (const { name, fallback } of settings) {
      const schema = shapes.map((shape) => shape[name]).find((one) => one instanceof z.ZodType);
      if (fallback.kind !== 'value') continue;
      const value = schema?.parse(undefined);
      // The console shows a list as it is given.
      const told = settingsInForce({ [name]: Array.isArray(value) ? value.join(',') : value })[name];
      if (told !== fallback.text) others.push(`${name}: ${told} for ${fallback.text}`);
    }
  }
  expect(others).toEqual([]);
});

test('what only the machine knows is named so, and stands apart from what has no default', () => {
  const known = JSON.parse(settingsReference(groups)) as { name: string; fallback: string | null; named_after_host?: true }[];
  expect(known.filter(({ named_after_host }) => named_after_host).map(({ name }) => name)).toEqual(['INSTANCE_ID']);
  expect(known.find(({ name }) => name === 'NATS_USER')).not.toHaveProperty('named_after_host');
});
