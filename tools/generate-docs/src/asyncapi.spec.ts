import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, test } from '@jest/globals';
import { commands, eventCatalogue, subjects, type CommandName, type EventName } from '@kintsugi/contracts';
import { asyncApi } from './asyncapi.js';

interface Json {
  [key: string]: Json;
}

const published = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;
const document = asyncApi() as unknown as Json;

/** The published schema with formats passed over: of those it asks for URIs only. */
const isAsyncApi = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(published);

describe('the AsyncAPI document', () => {
  test('is AsyncAPI 3, by its published schema', () => {
    isAsyncApi(document);
    expect(isAsyncApi.errors).toBeNull();
  });

  test('is not taken for it when an operation says neither send nor receive', () => {
    const broken = structuredClone(document) as unknown as { operations: Record<string, { action: string }> };
    broken.operations['createJob']!.action = 'ask';
    expect(isAsyncApi(broken)).toBe(false);
  });

  test('refers to nothing that is not in it', () => {
    const references = JSON.stringify(document).match(/"\$ref":"#\/[^"]+"/g) ?? [];
    expect(references.length).toBeGreaterThan(100);
    for (const reference of new Set(references)) {
      const path = reference.slice('"$ref":"#/'.length, -1).split('/');
      expect([reference, path.reduce<Json | undefined>((at, key) => at?.[key], document)]).toEqual([
        reference,
        expect.anything(),
      ]);
    }
  });

  test('tells every command as received and every event as sent, on its subject', () => {
    const told = Object.entries(document['operations'] as Json).map(([name, { action }]) => [
      name,
      action,
      document['channels']?.[name]?.['address'],
    ]);
    const expected = [
      ...(Object.keys(commands) as CommandName[]).map((name) => [name, 'receive', subjects.command(name)]),
      ...(Object.keys(eventCatalogue) as EventName[]).map((name) => [name, 'send', subjects.event(name)]),
    ];
    expect(told).toEqual(expected);
  });

  test('describes payloads by schemas that can be compiled and that take what is sent', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const messages = document['components']?.['messages'] ?? {};
    for (const { payload } of Object.values(messages)) expect(ajv.compile(payload as Json)).toBeInstanceOf(Function);
    const takes = ajv.compile(messages['createJob']?.['payload'] as Json);
    expect(takes({ product_id: 'p', sending_group_id: 'g', tasks: [{ payload: 1 }] })).toBe(true);
    expect(takes({ product_id: 'p' })).toBe(false);
  });
});
