import type { ServiceDefinition } from '@kintsugi/hosting';
import { poolAgentSettings } from './pool-agent.config.js';
import { PoolAgentModule } from './pool-agent.module.js';

export const poolAgent: ServiceDefinition<typeof poolAgentSettings> = {
  name: 'pool-agent',
  settings: poolAgentSettings,
  audit: 'elsewhere',
  host: ({ POOL_HOST }) => POOL_HOST,
  module: PoolAgentModule,
};
