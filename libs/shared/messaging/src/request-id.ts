import type { Msg } from '@nats-io/nats-core';
import { REQUEST_ID_HEADER } from '@kintsugi/contracts';

const requestIdPattern = /^[\x21-\x7e]{1,128}$/;

/** The id that the asker gave its request, where it is one that a log and a header can hold. */
export function requestIdOf({ headers }: Pick<Msg, 'headers'>): string | undefined {
  const given = headers?.get(REQUEST_ID_HEADER) ?? '';
  return requestIdPattern.test(given) ? given : undefined;
}
