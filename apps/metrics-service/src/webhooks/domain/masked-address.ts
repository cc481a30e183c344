import type { WebhookView } from '@kintsugi/contracts';

const mask = '***';

/**
 * An address without what may be a secret in it: user and password, the values of its query and its fragment, and of receivers of
 * the format slack, whose addresses are secrets themselves, the path.
 */
export function maskedAddress(text: string, format: WebhookView['format']): string {
  const url = URL.parse(text);
  if (!url || url.protocol === 'mailto:') return text;
  if (url.username !== '') url.username = mask;
  if (url.password !== '') url.password = mask;
  if (format === 'slack' && url.pathname !== '/') url.pathname = `/${mask}`;
  for (const name of new Set(url.searchParams.keys())) url.searchParams.set(name, mask);
  if (url.hash !== '') url.hash = mask;
  return url.href;
}
