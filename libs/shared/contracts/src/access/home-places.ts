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

/** What is asked of the file system, and for whom. */
export interface HomeLook {
  /** The user that a folder belongs to; null where there is none. Throws where that cannot be told, which is no home either. */
  ownerOf: (folder: string) => number | null;
  /** Undefined where users have no numbers. */
  user: number | undefined;
}

/**
 * The home of a platform, as seen from a folder: the one that KINTSUGI_HOME names, and no other, or else the nearest `.kintsugi` from
 * this folder upwards that is this user's own or root's. Whoever may write to a folder above could otherwise put a home of his there,
 * be sent jobs, and hand out work.
 */
export function homeNear(folder: string, kintsugiHome: string | undefined, look: HomeLook): string | undefined {
  const { user } = look;
  const ownerOf = (place: string): number | null => {
    try {
      return look.ownerOf(place);
    } catch {
      return null;
    }
  };
  const isTrusted = (owner: number | null): boolean => owner !== null && (user === undefined || owner === user || owner === 0);
  if (!kintsugiHome) return placesAbove(folder).find((place) => isTrusted(ownerOf(place)));
  const named = kintsugiHome.startsWith('/') ? kintsugiHome : `${folder}/${kintsugiHome}`;
  return ownerOf(named) === null ? undefined : named;
}

function placesAbove(folder: string): string[] {
  const parts = folder.split('/');
  return parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}/.kintsugi`);
}
