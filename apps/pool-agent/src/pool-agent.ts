import type { ServiceDefinition } from '@kintsugi/hosting';
import { poolAgentSettings } from './pool-agent.config.js';
import { PoolAgentModule } from './pool-agent.module.js';
import { PoolFolder } from './slots/pool-folder.js';

export const poolAgent: ServiceDefinition<typeof poolAgentSettings> = {
  name: 'pool-agent',
  settings: poolAgentSettings,
  audit: 'elsewhere',
  host: (parts) => parts.get(PoolFolder).host,
  module: PoolAgentModule,
};
