import { limits } from '@kintsugi/contracts';

/** The largest message that any nats-server can be told to take; no JSON body may be set to be larger. */
const bytesMax = 64 * 1024 ** 2;

/** What our nats-server has to take in one message: a JSON body, which the gateway may be told to take larger than usual. */
export function natsPayloadBytes(environment: Readonly<Record<string, string>>): number {
  const bodyBytes = Math.ceil(Number(environment['BODY_LIMIT_BYTES'])) || 0;
  return Math.min(bytesMax, Math.max(limits.bodyBytes, bodyBytes));
}
