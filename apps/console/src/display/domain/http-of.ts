export interface SentRequest {
  endpoint: string;
  body?: unknown;
}

/** A request that changes something, as a program would send it. */
export function httpOf({ endpoint, body }: SentRequest): string {
  return body === undefined ? `POST ${endpoint}` : `POST ${endpoint}  ${JSON.stringify(body)}`;
}
