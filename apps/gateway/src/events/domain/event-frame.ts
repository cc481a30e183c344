export interface Frame {
  event: string;
  id?: string;
  data: unknown;
  /** How long the client shall wait before it connects again. */
  retryMs?: number;
}

/** One server-sent event. JSON has no line ends of its own, so that its data is always one line. */
export function eventFrame({ event, id, data, retryMs }: Frame): string {
  const lines = [`event: ${event}`];
  if (id !== undefined) lines.push(`id: ${id}`);
  if (retryMs !== undefined) lines.push(`retry: ${retryMs}`);
  return `${lines.join('\n')}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A comment: it keeps proxies from taking a quiet connection for a dead one. */
export const heartbeatFrame = ': still here\n\n';
