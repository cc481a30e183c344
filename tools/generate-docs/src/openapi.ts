import { exportsOf } from './workspace.js';

const source = 'apps/gateway/src/openapi/build-openapi.ts';

/** The OpenAPI document that the gateway serves, from the function that makes it. */
export async function openApiText(): Promise<string> {
  const { buildOpenApi } = (await exportsOf(source)) as { buildOpenApi: () => unknown };
  return `${JSON.stringify(buildOpenApi(), null, 2)}\n`;
}
