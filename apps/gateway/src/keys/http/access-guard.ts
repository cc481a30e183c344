import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ProblemError, shown } from '@kintsugi/contracts';
import { isLoopbackHost } from '../../http/loopback-host.js';
import type { Caller } from '../domain/key-ring.js';
import { requireRole } from '../domain/permission.js';
import { accessMetadata, type Access } from './access.js';
import { rememberCaller } from './caller.js';

/** Tells the caller of a key; null while AUTH is off, when whoever is on this machine may do everything. */
export type KeyLookup = ((key: string) => Caller | null) | null;

const developer: Caller = { keyId: null, role: 'admin' };

/** Lets a request in or not. Global, so that no route and no spelling of a path gets around it. */
export class AccessGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(private readonly lookup: KeyLookup) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.get<Access | undefined>(accessMetadata, context.getHandler());
    if (!access) return false;
    if (access === 'anyone') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = this.lookup ? authenticated(request, this.lookup) : onThisMachine(request);
    requireRole(caller, access, `${request.method} ${request.routeOptions.url}`);
    rememberCaller(request, caller);
    return true;
  }
}

function authenticated(request: FastifyRequest, lookup: NonNullable<KeyLookup>): Caller {
  const [, key] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  const caller = lookup(key ?? '');
  if (caller) return caller;
  throw new ProblemError('UNAUTHENTICATED', 'A valid API key is needed: send `Authorization: Bearer kin_<id>_<secret>`.');
}

/** A page of any web site can make a browser call a loopback address under a name of its own, but not under ours. */
function onThisMachine(request: FastifyRequest): Caller {
  const host = request.headers.host ?? '';
  if (isLoopbackHost(host)) return developer;
  throw new ProblemError(
    'HOST_NOT_ALLOWED',
    `While AUTH is off, this server answers to loopback names only, not to ${shown(host)}.`,
    {
      errors: [{ path: 'header.host', rule: 'VALUE', got: shown(host), allowed: 'localhost, 127.0.0.1 or [::1]' }],
    },
  );
}
