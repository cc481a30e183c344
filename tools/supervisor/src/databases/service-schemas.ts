import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatabaseSchema } from '@kintsugi/persistence';
import { gatewayName, serviceNames } from '../domain/process-roles.js';
import { repository } from '../repository.js';

/**
 * What each service and the gateway expect of their databases. Apps have no door and nobody may import them; who brings their databases to their
 * version runs beside them as built, so their schemas are read by path, and from the sources where this is a source itself.
 */
export async function serviceSchemas(): Promise<DatabaseSchema[]> {
  return Promise.all([...serviceNames, gatewayName].map(schemaOf));
}

/** What one app expects of its database. */
export async function schemaOf(name: string): Promise<DatabaseSchema> {
  const isBuilt = import.meta.filename.endsWith('.js');
  const path = isBuilt ? `apps/${name}/dist/${name}.schema.js` : `apps/${name}/src/${name}.schema.ts`;
  const { schema } = (await import(pathToFileURL(resolve(repository, path)).href)) as { schema: DatabaseSchema };
  return schema;
}
