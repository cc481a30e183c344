import type { FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';

/** Helmet itself: its plugin for Fastify puts the same policy together anew for every request. */
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

/** Security headers for every answer; the policy allows what the documentation page needs and nothing from elsewhere. */
export function writeSecurityHeaders(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  write(request.raw, reply.raw, (error) => done(error as Error | undefined));
}
