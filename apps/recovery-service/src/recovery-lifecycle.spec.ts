import { once } from 'node:events';
import { describe, expect, jest, test } from '@jest/globals';
import type { Logger } from '@kintsugi/observability';
import type { Store } from '@kintsugi/persistence';
import type { HourLaying } from './analysis/hour-laying.js';
import type { GroupRecoveryClock } from './group-recoveries/group-recovery-clock.js';
import type { GroupChores } from './groups/group-chores.js';
import { RecoveryLifecycle } from './recovery-lifecycle.js';
import type { RecoveryServiceSettings } from './recovery-service.config.js';
import type { ResendCommands } from './resends/commands/resend-commands.js';
import type { RetryClock } from './retries/retry-clock.js';
import { stillnessSample } from './platform/stillness-sample.js';

const settings = { INSTANCE_ID: 'one', COMMAND_RESEND_SECONDS: 0.01 } as RecoveryServiceSettings;
/** Nobody else leads. */
const lease = { findOne: async () => null, insertOne: async () => undefined, updateOne: async () => ({ matchedCount: 1 }) };
const store = { collection: () => lease } as unknown as Store;
const logger = { error: () => undefined } as unknown as Logger;

describe('commands that may be lost', () => {
  test('are sent again while groups are seen to for as long as that takes', async () => {
    const never = { run: (stopped: AbortSignal) => once(stopped, 'abort') };
    const thrice = Promise.withResolvers<undefined>();
    let sent = 0;
    const execute = async (): Promise<null> => {
      sent += 1;
      if (sent === 3) thrice.resolve(undefined);
      return null;
    };
    const resends = { execute, executeUnsent: async () => undefined } as unknown as ResendCommands;
    const retries = { start: () => undefined, stop: jest.fn(async () => undefined) };
    const lifecycle = new RecoveryLifecycle(
      retries as unknown as RetryClock,
      resends,
      never as unknown as GroupChores,
      never as unknown as GroupRecoveryClock,
      never as unknown as HourLaying,
      store,
      { now: () => Date.now() },
      stillnessSample(),
      settings,
      logger,
    );
    lifecycle.onApplicationBootstrap();
    await thrice.promise;
    await lifecycle.onModuleDestroy();
    expect(retries.stop).toHaveBeenCalled();
  });
});
