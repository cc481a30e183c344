import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

const write = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // TLS ends at a proxy, and whether a host may only be reached through TLS is for that proxy to say.
  strictTransportSecurity: false,
});

/**
 * Security headers for every answer, names and values in turn; the policy allows what the documentation page needs and nothing from
 * elsewhere. Helmet puts the same ones together for every request, so it is asked once.
 */
export const securityHeaders: readonly string[] = asked();

/** The same for a page whose styles are made while it is shown, and carry this nonce. */
export function securityHeadersOfPage(nonce: string): string[] {
  return securityHeaders.map((text) => text.replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`));
}

function asked(): string[] {
  const list: string[] = [];
  const response = {
    setHeader: (name: string, value: string) => list.push(name.toLowerCase(), value),
    removeHeader: () => undefined,
  };
  write({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error as Error;
  });
  return list;
}
