import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SettingsError } from '@kintsugi/hosting';
import type { FaultListener } from '@kintsugi/messaging';
import { NestLogger, type Logger } from '@kintsugi/observability';
import { addSecurityHeaders, openDoor, type DoorOptions } from './fastify-door.js';
import { HttpProblemFilter } from './problem-filter.js';

export interface ServeOptions extends DoorOptions {
  host: string;
  port: number;
  logger: Logger;
  onFault: FaultListener;
}

export interface Served {
  /** Where it listens, such as `http://127.0.0.1:8000`. */
  url: string;
  close(): Promise<void>;
}

/** Serves a module over HTTP. */
export async function serve(module: DynamicModule, options: ServeOptions): Promise<Served> {
  const { adapter, routes } = openDoor(options);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(options.logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new HttpProblemFilter(routes, options.onFault));
  await addSecurityHeaders(app);
  await listen(app, options);
  return { url: (await app.getUrl()).replace(/\/$/, ''), close: () => app.close() };
}

async function listen(app: NestFastifyApplication, { host, port }: ServeOptions): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new SettingsError(`API_PORT ${port} of ${host} is taken by another process. Set another API_PORT.`);
    if (code === 'EACCES')
      throw new SettingsError(`API_PORT ${port} may not be opened by this user. Set an API_PORT above 1023.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new SettingsError(`API_HOST ${host} is no address of this machine.`);
    throw error;
  }
}
