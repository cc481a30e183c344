import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { createClient } from '@kintsugi/client';
import { HandlersOfApp } from './handlers-of-app.js';
import { KINTSUGI_CLIENT } from './inject-kintsugi.js';
import { KintsugiHealth } from './kintsugi-health.js';
import { KINTSUGI_OPTIONS, type KintsugiOptions } from './kintsugi-options.js';

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<KintsugiOptions>({ optionsInjectionToken: KINTSUGI_OPTIONS })
  .setClassMethodName('forRoot')
  .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
  .build();

/**
 * Gives the whole app a client, and a worker and a listener for the methods that are marked for them: both start with the
 * app and are stopped, in order, when it closes.
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: KINTSUGI_CLIENT,
      inject: [KINTSUGI_OPTIONS],
      useFactory: ({ client }: KintsugiOptions) => createClient(client),
    },
    HandlersOfApp,
    KintsugiHealth,
  ],
  exports: [KINTSUGI_CLIENT, KintsugiHealth],
})
export class KintsugiModule extends ConfigurableModuleClass {}
