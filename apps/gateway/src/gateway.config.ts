import { z } from 'zod';
import { limits } from '@kintsugi/contracts';
import {
  SettingsError,
  accessSettings,
  isLoopbackHost,
  numberSetting,
  payloadSettings,
  sharedSettings,
  storeSettings,
  type Settings,
} from '@kintsugi/hosting';

const mebibyte = 1024 ** 2;

/** What the HTTP door needs to be told. */
export const gatewaySettings = {
  ...sharedSettings,
  ...payloadSettings,
  ...storeSettings,
  ...accessSettings,
  API_HOST: z.string().min(1).default('127.0.0.1').describe('Address that the API listens on.'),
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(8000).describe('Port of the API; 0 takes a free one.'),
  AUTH: z
    .enum(['on', 'off'])
    .default('on')
    .describe('on: each request needs an API key. off: for development; refused unless API_HOST is a loopback address.'),
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((origin) => origin.trim() || []))
    .refine((origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin), {
      message: 'origins such as https://console.example, comma separated, are wanted',
    })
    .describe(
      'Origins, comma separated, whose pages may write although they are not of this host, such as those behind a proxy that changes the Host header.',
    ),
  SESSION_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      'What sessions of the console are sealed with, at least 32 characters; the same for all gateways. Without it they last as long as the gateway runs that gave them; SESSION_SECRET_FILE gives the path of a file with it.',
    ),
  SESSION_HOURS: numberSetting(12, 0.01, 720).describe(
    'How long who has signed in to the console stays so. A session ends with its API key, too.',
  ),
  BODY_LIMIT_BYTES: numberSetting(limits.bodyBytes, 1024, 64 * mebibyte).describe(
    'Largest JSON body, unpacked where it comes compressed.',
  ),
  UPLOAD_LIMIT_BYTES: numberSetting(1024 * mebibyte, 1024, 64 * 1024 * mebibyte).describe(
    'Largest NDJSON upload, unpacked where it comes compressed.',
  ),
  REQUEST_TIMEOUT_MS: numberSetting(30_000, 100, 600_000).describe('Time in which a JSON body must have arrived.'),
  UPLOAD_IDLE_TIMEOUT_MS: numberSetting(30_000, 100, 600_000).describe(
    'Longest pause in an upload, and what a body may fall behind BODY_BYTES_PER_SECOND_MIN in all.',
  ),
  BODY_BYTES_PER_SECOND_MIN: numberSetting(1_000, 0, 1_000_000).describe(
    'A body that comes in more slowly than this, beyond the pause it may make, is ended with 408. 0: no such bound.',
  ),
  UPLOAD_TIMEOUT_MS: numberSetting(3_600_000, 1_000, 86_400_000).describe('Time in which an upload must have arrived whole.'),
  RATE_LIMIT_PER_SECOND: numberSetting(5_000, 0, 1_000_000).describe(
    'Requests that one API key, or one address while AUTH is off, may make a second at one gateway, after as many at once; lists, analyses and streams of many topics count as several. 0: no limit.',
  ),
  MAX_UPLOADS: numberSetting(16, 1, 1_000).describe(
    'Uploads that one gateway takes in at once. While more are wanted, no API key, or address while AUTH is off, has more than its share.',
  ),
  EVENT_HEARTBEAT_MS: numberSetting(15_000, 100, 30_000).describe(
    'Pause between two signs of life of a followed stream of events; as often, the key that opened it is looked up again.',
  ),
  MAX_EVENT_CLIENTS: numberSetting(1_000, 1, 100_000).describe(
    'Clients that follow events of one gateway at once, and as many more that follow or download logs. While more want to, no API key, or address while AUTH is off, has more than its share.',
  ),
  EVENT_STALL_TIMEOUT_MS: numberSetting(30_000, 100, 600_000).describe(
    'A client that has taken nothing for this long, while an answer or something of a stream waits for it, is let go.',
  ),
};

export type GatewaySettings = Settings<typeof gatewaySettings>;

/** Refuses settings that are fine one by one but not together. */
export function checkTogether(settings: GatewaySettings): void {
  if (settings.AUTH === 'off' && !isLoopbackHost(settings.API_HOST)) {
    throw new SettingsError(
      `AUTH=off is refused while API_HOST is ${settings.API_HOST}: anyone who reaches it could run jobs.\n` +
        'Set AUTH=on, or API_HOST=127.0.0.1.',
    );
  }
}
