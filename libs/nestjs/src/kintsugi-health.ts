import { Inject, Injectable } from '@nestjs/common';
import type { Client } from '@kintsugi/client';
import { HandlersOfApp } from './handlers-of-app.js';
import { KINTSUGI_CLIENT } from './inject-kintsugi.js';

/** As a health check of `@nestjs/terminus` takes it. */
export type KintsugiHealthResult<Key extends string = string> = Record<
  Key,
  { status: 'up' | 'down'; api: 'ready' | 'not_ready' | 'unreachable'; connected: boolean }
>;

/** Whether the app can do its part: the platform answers and is ready, and handlers can be given what is theirs. */
@Injectable()
export class KintsugiHealth {
  constructor(
    @Inject(KINTSUGI_CLIENT) private readonly client: Client,
    @Inject(HandlersOfApp) private readonly handlers: HandlersOfApp,
  ) {}

  async isHealthy<Key extends string = 'kintsugi'>(key = 'kintsugi' as Key): Promise<KintsugiHealthResult<Key>> {
    const api = await this.client.health().then(
      ({ ready }) => (ready ? ('ready' as const) : ('not_ready' as const)),
      () => 'unreachable' as const,
    );
    const connected = this.handlers.running.every((one) => one.isConnected);
    const status = api === 'ready' && connected ? 'up' : 'down';
    return { [key]: { status, api, connected } } as KintsugiHealthResult<Key>;
  }
}
