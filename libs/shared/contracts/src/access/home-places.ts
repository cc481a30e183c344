/** Files of a home that programs beside the platform read, relative to it. Only the user that runs the platform can. */
export const homeFiles = {
  /** How to get into the servers of the home, as long as they ask: the fields of `homeCredentialsSchema`. */
  credentials: 'credentials.json',
  /** The private key by which its services sign the audit, as PEM. */
  auditKey: 'audit-key.pem',
  /** The state of the platform while it runs, `urls.api` in it. */
  state: 'run/state.json',
  /** The API key of the command line. */
  commandLineKey: 'run/cli-key',
} as const;

/**
 * Where the home of a platform may be, as seen from a folder: the one that KINTSUGI_HOME names, and no other, or else each
 * `.kintsugi` from this folder upwards.
 */
export function homesNear(folder: string, kintsugiHome: string | undefined): string[] {
  if (kintsugiHome) return [kintsugiHome.startsWith('/') ? kintsugiHome : `${folder}/${kintsugiHome}`];
  const parts = folder.split('/');
  return parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}/.kintsugi`);
}
