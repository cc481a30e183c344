import { hostname } from 'node:os';
import { z } from 'zod';
import { apiKeyIdOf } from '@kintsugi/contracts';
import { AuditKey } from '@kintsugi/persistence/audit-check';
import { numberSetting, type Settings } from './settings.js';
import { tracingSettings } from './tracing-settings.js';

/** Where a service answers for itself, and whom. */
export const opsSettings = {
  OPS_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe(
      'Address that /metrics, /health/live and /health/ready of this process listen on. Any but a loopback address needs OPS_TOKEN.',
    ),
  OPS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(9464)
    .describe('Port of them; 0 takes a free one. `up` gives each process a free one of its own, which `status --json` names.'),
  OPS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe(
      'What whoever reads /metrics at that port sends as `Authorization: Bearer`. While AUTH is on, `up` makes one and keeps it in `credentials.json` of the home.',
    ),
  OPS_ADVERTISED_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:-]+$/, 'a host name or an address, without a port')
    .optional()
    .describe(
      'Host by which Prometheus reaches that port, in `GET /metrics/targets` of the gateway. Left out: OPS_HOST, or the address that NATS sees where OPS_HOST is 0.0.0.0 or ::.',
    ),
};

export type OpsSettings = Settings<typeof opsSettings>;

/** Who a service is at NATS, and how the line is secured. Each can be the text itself or, as NAME_FILE, the path of a file. */
const natsLoginSettings = {
  NATS_USER: z.string().optional().describe('User at NATS, where it is not part of NATS_URL.'),
  NATS_PASSWORD: z.string().optional().describe('The password of NATS_USER.'),
  NATS_TOKEN: z.string().optional().describe('Token for NATS servers that ask for one.'),
  NATS_CREDS: z.string().optional().describe('Text of a .creds file; NATS_CREDS_FILE gives its path.'),
  NATS_NKEY: z.string().optional().describe('Seed of an nkey; NATS_NKEY_FILE gives the path of a file with it.'),
  NATS_TLS_CA: z
    .string()
    .optional()
    .describe(
      'PEM of the authorities that NATS servers are trusted by; left out, those of Node.js. With any NATS_TLS_ setting the line is TLS or there is none.',
    ),
  NATS_TLS_CERT: z.string().optional().describe('PEM of the certificate of this client, for NATS servers that ask for one.'),
  NATS_TLS_KEY: z.string().optional().describe('PEM of the key of NATS_TLS_CERT.'),
};

/** What every service needs to be told. */
export const sharedSettings = {
  NATS_URL: z
    .string()
    .default('nats://127.0.0.1:4222')
    .describe('NATS servers, comma separated. User and password may be part of each.'),
  ...natsLoginSettings,
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
  ...opsSettings,
  ...tracingSettings,
  KINTSUGI_LEASHED: z
    .enum(['0', '1'])
    .default('0')
    .describe('1: stop when standard input ends, and wait for who holds it to migrate the database. Set by `kintsugi up`.'),
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

/** For whoever makes the first API key. */
export const accessSettings = {
  FIRST_ADMIN_KEY: z
    .string()
    .refine((key) => apiKeyIdOf(key) !== null, { message: 'a key such as kin_admin_<64 hex digits> is wanted' })
    .optional()
    .describe(
      'API key of the first admin, kin_<id>_<secret> with a secret of 32 to 128 hex digits. It is taken while there is no key at all, and never ' +
        'again; FIRST_ADMIN_KEY_FILE gives the path of a file with it. Without it, `up` makes one and shows it, and `kintsugi keys create` does elsewhere.',
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
    .describe('Databases are called <prefix>_jobs, <prefix>_recovery, <prefix>_metrics and <prefix>_access.'),
  AUDIT_SIGNING_KEY: z
    .string()
    .refine(isAuditKey, {
      message: 'the PEM of an Ed25519 private key is wanted, as `openssl genpkey -algorithm ed25519` writes it',
    })
    .optional()
    .describe(
      'Signs the audit: PEM of an Ed25519 private key, the same for all services; AUDIT_SIGNING_KEY_FILE gives the path of a file with it. ' +
        '`up` makes one in its home. Without it, entries are bound to each other, and whoever may write the database can bind others.',
    ),
};

function isAuditKey(pem: string): boolean {
  try {
    return AuditKey.fromPem(pem) instanceof AuditKey;
  } catch {
    return false;
  }
}
