import { headers as newHeaders, type MsgHdrs } from '@nats-io/nats-core';

/** Says that a reply is a problem and not a result. */
export const PROBLEM_HEADER = 'Kin-Problem';

export function headersOf(values: Record<string, string>): MsgHdrs {
  const headers = newHeaders();
  for (const [name, value] of Object.entries(values)) headers.set(name, value);
  return headers;
}
