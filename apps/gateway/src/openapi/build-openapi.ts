import type { z } from 'zod';
import { operations, problemCatalogue, type ActionName, type ProblemCode } from '@kintsugi/contracts';
import { documentedRoutes, type DocumentedRoute } from './documented-routes.js';
import type { EndpointAction } from '../operations/domain/operation-request.js';
import { exampleData, exampleUpload } from './examples.js';
import { jsonSchemaOf, type JsonSchema } from './json-schema.js';
import { problemExample, problemSchema } from './problem-schema.js';

export interface OpenApiDocument extends Record<string, unknown> {
  openapi: string;
  paths: Record<string, Record<string, JsonSchema>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: JsonSchema };
}

/** What any route may answer beside its own problems. */
const problemsOfEveryRoute: ProblemCode[] = [
  'REQUEST_INVALID',
  'HEADER_INVALID',
  'HEADERS_TOO_LARGE',
  'SERVICE_UNAVAILABLE',
  'INTERNAL',
];
/** Of every route but those that tell how the platform is. */
const problemsOfTheRate: ProblemCode[] = ['RATE_LIMITED'];
const problemsOfTheGuard: ProblemCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'HOST_NOT_ALLOWED', 'STORE_UNAVAILABLE'];
/** Of every route that takes writes. */
const problemsOfWrites: ProblemCode[] = ['ORIGIN_NOT_ALLOWED'];
const problemsOfServices: ProblemCode[] = ['STORE_UNAVAILABLE'];

/** The API as an OpenAPI 3.1 document, made of the contracts and of the list of routes. */
export function buildOpenApi(): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const route of documentedRoutes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kintsugi',
      version: '1',
      summary: 'A job platform that repairs itself.',
      description:
        'Jobs of many tasks are accepted, run, retried and recovered. Every refusal is a problem (RFC 9457) with a stable `code`, the ' +
        'paths of the faults, and whether the same request can succeed later. Every answer has an `X-Request-Id`. HEAD is answered ' +
        'wherever GET is, without the body.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [
      { name: 'jobs', description: 'Jobs and their tasks.' },
      { name: 'errors', description: 'Failures, and what is done about them.' },
      { name: 'pools', description: 'Pools of git working copies, and their repair.' },
      { name: 'platform', description: 'Health, metrics and this description.' },
    ],
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An API key, `kin_<id>_<secret>`. Its role is viewer, operator or admin; each may do what the ones before it may. ' +
            '`x-role` says which one a route needs. No key is needed while AUTH is off.',
        },
      },
      schemas: schemas(),
    },
  };
}

function schemas(): Record<string, JsonSchema> {
  const named: Record<string, JsonSchema> = { Problem: problemSchema };
  for (const route of documentedRoutes) {
    const { body, answer } = route;
    if (body) named[body.name] = jsonSchemaOf(body.of, 'input');
    if (answer.kind === 'schema') named[answer.name] = jsonSchemaOf(answer.of, 'output');
    for (const action of route.actions ?? []) named[inputName(action)] = jsonSchemaOf(operations[action].request, 'input');
    const answered = answer.kind === 'json' ? [answer.of] : (route.actions ?? []);
    for (const action of answered) named[outputName(action)] = jsonSchemaOf(operations[action].response, 'output');
  }
  return named;
}

function operationOf(route: DocumentedRoute): JsonSchema {
  const parameters = parametersOf(route);
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    ...(route.access === 'anyone' ? { security: [] } : { 'x-role': route.access }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.takes ? { requestBody: dataOf(route.takes) } : {}),
    ...(route.body ? { requestBody: bodyOf(route.body) } : {}),
    ...(route.actions ? { requestBody: requestBodyOf(route.actions, route.takesUploads ?? false) } : {}),
    responses: responsesOf(route),
  };
}

/** One status may stand for an answer and for problems: then it has the content of both. */
function responsesOf(route: DocumentedRoute): JsonSchema {
  const responses: Record<string, JsonSchema> = { ...answersOf(route), ...problemsOf(route) } as Record<string, JsonSchema>;
  for (const [status, { description, mediaType }] of Object.entries(route.others ?? {})) {
    const beside = responses[status];
    const content = { ...(mediaType ? { [mediaType]: {} } : {}), ...(beside?.['content'] as JsonSchema | undefined) };
    responses[status] = {
      description: beside ? `${description}\n${String(beside['description'])}` : description,
      ...(Object.keys(content).length > 0 ? { content } : {}),
    };
  }
  return responses;
}

function parametersOf({ path, id, query, headers = [] }: DocumentedRoute): JsonSchema[] {
  const inPath = /\{(\w+)\}/.exec(path)?.[1];
  const { properties = {}, required = [] } = query ? querySchemaOf(query) : {};
  return [
    ...(inPath
      ? [
          {
            name: inPath,
            in: 'path',
            required: true,
            schema: id ? jsonSchemaOf(id.schema, 'input') : { type: 'string' },
            ...(id ? { example: id.example } : {}),
          },
        ]
      : []),
    ...Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema })),
    ...headers.map(({ name, description, pattern }) => ({
      name,
      in: 'header',
      description,
      schema: { type: 'string', ...(pattern ? { pattern } : {}) },
    })),
  ];
}

function querySchemaOf(query: z.ZodObject): { properties?: Record<string, JsonSchema>; required?: string[] } {
  return jsonSchemaOf(query, 'input');
}

function dataOf(action: EndpointAction): JsonSchema {
  const content = { schema: reference(inputName(action)), example: exampleData[action] };
  return { required: true, content: { 'application/json': content } };
}

function bodyOf({ name, example }: NonNullable<DocumentedRoute['body']>): JsonSchema {
  return { required: true, content: { 'application/json': { schema: reference(name), example } } };
}

function requestBodyOf(actions: readonly ActionName[], takesUploads: boolean): JsonSchema {
  const alternatives = actions.map((action) => ({
    type: 'object',
    title: action,
    description: `${operations[action].about} Needs the role ${operations[action].role}.`,
    required: ['action', 'data'],
    additionalProperties: false,
    properties: { action: { const: action }, data: reference(inputName(action)) },
  }));
  const examples = Object.fromEntries(
    actions.map((action) => [
      action,
      { summary: operations[action].about, value: { action, data: exampleData[action as EndpointAction] } },
    ]),
  );
  const upload = { schema: { type: 'string', description: 'A head line, then one task a line.' }, example: exampleUpload };
  return {
    required: true,
    content: {
      'application/json': { schema: { oneOf: alternatives }, examples },
      ...(takesUploads ? { 'application/x-ndjson': upload } : {}),
    },
  };
}

function answersOf({ answer, actions = [] }: DocumentedRoute): JsonSchema {
  if (answer.kind === 'plain') return { 200: { description: answer.description, content: { [answer.mediaType]: {} } } };
  if (answer.kind === 'schema') {
    return { 200: { description: answer.description, content: json(reference(answer.name)) } };
  }
  if (answer.kind === 'json') {
    return { 200: { description: answer.description, content: json(reference(outputName(answer.of))) } };
  }
  const results = { anyOf: actions.map((action) => reference(outputName(action))) };
  const created = {
    description: 'The job was accepted and is safe.',
    headers: { Location: { description: 'The path of the job.', schema: { type: 'string' } } },
    content: json(reference(outputName('createJob'))),
  };
  const replayed = {
    'Idempotency-Replayed': {
      description: '`true` when the idempotency key had made this job before.',
      schema: { const: 'true' },
    },
  };
  const createsJobs = actions.includes('createJob');
  return {
    200: { description: answer.description, ...(createsJobs ? { headers: replayed } : {}), content: json(results) },
    ...(createsJobs ? { 201: created } : {}),
  };
}

function problemsOf({ path, method, access, problems, answer, operationId }: DocumentedRoute): JsonSchema {
  const asksServices = answer.kind !== 'plain' || operationId === 'followJob';
  const codes = new Set([
    ...problems,
    ...problemsOfEveryRoute,
    ...(/^\/(health|metrics)/.test(path) ? [] : problemsOfTheRate),
    ...(access === 'anyone' ? [] : problemsOfTheGuard),
    ...(method === 'post' ? problemsOfWrites : []),
    ...(asksServices ? problemsOfServices : []),
  ]);
  const byStatus = Map.groupBy(codes, (code) => problemCatalogue[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      status,
      {
        description: ofStatus.map((code) => `\`${code}\`: ${problemCatalogue[code].title}.`).join('\n'),
        content: {
          'application/problem+json': { schema: reference('Problem'), example: problemExample(ofStatus[0] as ProblemCode) },
        },
      },
    ]),
  );
}

function json(schema: JsonSchema): JsonSchema {
  return { 'application/json': { schema } };
}

function reference(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

function inputName(action: ActionName): string {
  return `${capitalised(action)}Data`;
}

function outputName(action: ActionName): string {
  return `${capitalised(action)}Result`;
}

function capitalised(action: string): string {
  return action.charAt(0).toUpperCase() + action.slice(1);
}
