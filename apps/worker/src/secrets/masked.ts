import { withoutSecrets } from '@kintsugi/contracts';

/** A text without the secrets of a task, as they are and as JSON and URLs write them, and without what looks like one. */
export function masked(text: string, secrets: readonly string[]): string {
  let clean = text;
  const spelt = secrets.flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
  ]);
  for (const secret of spelt.sort((a, b) => b.length - a.length)) clean = clean.replaceAll(secret, '…');
  return withoutSecrets(clean);
}
