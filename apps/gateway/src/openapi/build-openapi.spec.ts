import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { jobHeadSchema, operations, problemCatalogue, type ActionName } from '@kintsugi/contracts';
import { buildOpenApi } from './build-openapi.js';
import { documentedRoutes } from './documented-routes.js';
import { actionsOf, type EndpointAction } from '../operations/domain/operation-request.js';
import { exampleData, exampleUpload } from './examples.js';

const document = buildOpenApi();

function everything(value: unknown, path = '#'): { path: string; key: string; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ path, key, value: inner }, ...everything(inner, `${path}/${key}`)]);
}

describe('the OpenAPI document', () => {
  test('is of version 3.1 and the same each time', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.stringify(buildOpenApi())).toBe(JSON.stringify(document));
  });

  test('points to nothing that is not there', () => {
    const references = everything(document).filter(({ key }) => key === '$ref');
    expect(references.length).toBeGreaterThan(50);
    for (const { value } of references) {
      const name = /^#\/components\/schemas\/(\w+)$/.exec(String(value))?.[1];
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
  });

  test('gives each operation a name of its own, and each path its parameter', () => {
    const ids = documentedRoutes.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const operation of Object.values(methods)) {
        const inPath = ((operation['parameters'] ?? []) as { in: string; name: string }[]).filter(
          (parameter) => parameter.in === 'path',
        );
        expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      }
    }
  });

  test('tells every action with an endpoint, as an alternative with an example', () => {
    const actions = (Object.keys(operations) as ActionName[]).filter((action) => 'endpoint' in operations[action]);
    const told = documentedRoutes.flatMap((route) => (route.actions ?? []).map((action) => [route.path, action]));
    expect(told).toEqual(
      expect.arrayContaining(actions.map((action) => [(operations[action] as { endpoint: string }).endpoint, action])),
    );
    expect(told).toHaveLength(actions.length);
    const body = document.paths['/job-operations']?.['post']?.['requestBody'] as {
      content: Record<string, { schema: { oneOf: object[] } }>;
    };
    expect(body.content['application/json']?.schema.oneOf).toMatchObject([
      { properties: { action: { const: 'createJob' }, data: { $ref: '#/components/schemas/CreateJobData' } } },
      ...actionsOf('/job-operations')
        .slice(1)
        .map((action) => ({ properties: { action: { const: action } } })),
    ]);
  });

  test('asks for the least that the contracts ask for', () => {
    expect(document.components.schemas['CreateJobData']).toMatchObject({
      required: ['product_id', 'sending_group_id'],
      additionalProperties: false,
      properties: { priority: { type: 'integer', minimum: 0, maximum: 9, default: 5 } },
    });
  });

  test('tells problems of the catalogue only, under their statuses', () => {
    for (const { key, value } of everything(document.paths)) {
      if (key !== 'application/problem+json') continue;
      const { example } = value as { example: { code: keyof typeof problemCatalogue; status: number } };
      expect(problemCatalogue[example.code].status).toBe(example.status);
    }
  });

  test('is valid, as a validator of the standard has it', async () => {
    const { valid, errors } = await new Validator().validate(
      JSON.parse(JSON.stringify(document)) as Parameters<Validator['validate']>[0],
    );
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  test('has only patterns that every tool can read', () => {
    const patterns = everything(document).filter(({ key, value }) => key === 'pattern' && typeof value === 'string');
    expect(patterns.length).toBeGreaterThan(10);
    for (const { value } of patterns) {
      const pattern = String(value);
      // With and without the flags of any one language: RE2 has neither classes of Unicode spelt so, nor looking around, nor back.
      for (const flags of ['', 'u']) expect(() => new RegExp(pattern, flags)).not.toThrow();
      expect(pattern).not.toMatch(/\\[pPukc]|\(\?(?!:)|\\[1-9]/);
    }
  });

  test('has no trace of what JSON Schema could not say', () => {
    expect(JSON.stringify(document)).not.toMatch(/\$defs|\$schema|__schema/);
  });
});

describe('the examples', () => {
  test.each(Object.entries(exampleData))('%s keeps to its contract', (action, data) => {
    expect(operations[action as EndpointAction].request.safeParse(data).error).toBeUndefined();
  });

  test('the upload does as well', () => {
    const [head = ''] = exampleUpload.split('\n');
    expect(jobHeadSchema.safeParse((JSON.parse(head) as { data: unknown }).data).error).toBeUndefined();
  });
});
