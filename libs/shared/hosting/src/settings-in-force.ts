import { withoutSecrets } from '@kintsugi/contracts';

const secretName = /KEY|SECRET|TOKEN|PASS|CREDS|SEED/;
const masked = '…';

/** The settings of a process as they may be shown: what is secret by its name is masked, and what is secret in a URL. Those that are not given and have no default are left out. */
export function settingsInForce(settings: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, shown(name, value)]));
}

function shown(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  if (secretName.test(name) && text !== '') return masked;
  return withoutSecrets(name === 'NATS_URL' ? withoutUsers(text) : text);
}

/** The addresses of NATS are read without a scheme too, where nothing else tells a user and a password from a name. */
function withoutUsers(addresses: string): string {
  return addresses
    .split(',')
    .map((address) => address.replace(/^(\s*(?:[a-z]+:\/\/)?).*@/is, `$1${masked}@`))
    .join(',');
}
