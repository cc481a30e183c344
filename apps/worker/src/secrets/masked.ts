import { spellingsOf, withoutSecrets } from '@kintsugi/contracts';

/** Takes the secrets of a task out of texts, as they are and as JSON and URLs write them, and what looks like one. */
export function maskOf(secrets: readonly string[]): (text: string) => string {
  const spelt = secrets.flatMap(spellingsOf).sort((a, b) => b.length - a.length);
  return (text) => withoutSecrets(spelt.reduce((clean, secret) => clean.replaceAll(secret, '…'), text));
}

export function masked(text: string, secrets: readonly string[]): string {
  return maskOf(secrets)(text);
}
