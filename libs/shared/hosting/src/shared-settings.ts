import { hostname } from 'node:os';
import { z } from 'zod';
import { numberSetting } from './settings.js';

/** What every service needs to be told. */
export const sharedSettings = {
  NATS_URL: z
    .string()
    .default('nats://127.0.0.1:4222')
    .describe('NATS servers, comma separated. User and password may be part of each.'),
  NATS_TOKEN: z.string().optional().describe('Token for NATS servers that ask for one.'),
  NATS_REPLICAS: numberSetting(1, 1, 5).describe(
    'Servers of a NATS cluster that keep a copy of each stream that is made; 3 outlives the loss of one. A stream that exists keeps its own number.',
  ),
  INSTANCE_ID: z
    .string()
    .max(128)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:@/-]*$/, 'letters, digits and . _ : @ / - are wanted, the first a letter or a digit')
    .default(hostname())
    .describe(
      'Name of this replica: no other of its service that shares its servers has it, and it stays the same over restarts, so that ' +
        'it takes up its own work again at once. `up` names its processes after themselves, the host and the home.',
    ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .default('info')
    .describe('Least severe level that is logged.'),
  KINTSUGI_LEASHED: z.enum(['0', '1']).default('0').describe('1: stop when standard input ends. Set by `kintsugi up`.'),
};

/** For the doors by which tasks come in. */
export const payloadSettings = {
  INEXACT_NUMBERS: z
    .enum(['refuse', 'keep'])
    .default('refuse')
    .describe(
      'What becomes of a number in a task that no double holds, such as 1970670598291982290. refuse: the job is refused, with the path. ' +
        'keep: its text is kept as it came, and a handler in JavaScript reads the nearest double. Set it alike for gateway and job-service.',
    ),
};

export const storeSettings = {
  MONGO_URL: z
    .string()
    .default('mongodb://127.0.0.1:27017/?directConnection=true')
    .describe('MongoDB replica set. User and password may be part of it.'),
  DATABASE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,30}$/, 'a lower-case name')
    .default('kintsugi')
    .describe('Databases are called <prefix>_jobs, <prefix>_recovery and <prefix>_metrics.'),
};
