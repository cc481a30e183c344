import type { ServiceDefinition } from '@kintsugi/hosting';
import { checkTogether, gatewaySettings } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { schema } from './gateway.schema.js';
import { GatewayDoor } from './http/gateway-door.js';
import { storedKeys } from './keys/stored-keys.js';

export const gateway: ServiceDefinition<typeof gatewaySettings> = {
  name: 'gateway',
  settings: gatewaySettings,
  check: checkTogether,
  schema,
  needsDatabase: ({ AUTH }) => AUTH === 'on',
  http: (context) => new GatewayDoor(context),
  module: GatewayModule.with(storedKeys),
};
