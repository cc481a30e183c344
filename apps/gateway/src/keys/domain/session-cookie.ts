/** The cookie of the console. It is for this host alone, out of reach of scripts, and never sent on behalf of another site. */
const name = 'kintsugi_session';

/** Comes with each write of the console. A page of another site cannot send it without asking first. */
export const consoleHeader = 'x-kintsugi-console';

const pattern = new RegExp(`(?:^|;)\\s*${name}=([A-Za-z0-9_-]+)\\s*(?:;|$)`);

/** The token of a `Cookie` header, or null. */
export function sessionTokenOf(header: string | undefined): string | null {
  return header === undefined ? null : (pattern.exec(header)?.[1] ?? null);
}

export interface CookiePlace {
  /** Where the console is, as its browser sees it. */
  path: string;
  /** Whether that browser came through TLS. */
  isSecure: boolean;
}

/** @param seconds how long it lasts; 0 ends it */
export function sessionCookie(token: string, seconds: number, { path, isSecure }: CookiePlace): string {
  return `${name}=${token}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}
