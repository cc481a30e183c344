import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, shown, type Role } from '@kintsugi/contracts';
import { isLoopbackHost } from '@kintsugi/hosting';
import type { RateLimit } from '../../rates/http/rate-limit.js';
import { weightMetadata } from '../../rates/http/weight.js';
import { Actors } from '../actors.js';
import type { Caller } from '../domain/known-keys.js';
import { isForeign } from '../domain/foreign-origin.js';
import { mayActAs, requireRole, requireUnbound } from '../domain/permission.js';
import { accessMetadata, allTenantsMetadata, type Access } from './access.js';
import { rememberAdmission } from './caller.js';

/** Tells the caller of a key; null while AUTH is off, when whoever is on this machine may do everything. */
export type KeyLookup = ((key: string) => MaybeLater<Caller | null>) | null;

type MaybeLater<Value> = Value | Promise<Value>;

const developer: Caller = { keyId: null, role: 'admin', tenant: null };

/** Lets a request in or not, and no more of one caller than its rate. Global, so that no route and no spelling of a path gets around it. */
export class AccessGuard implements CanActivate {
  private readonly reflector = new Reflector();
  private readonly actors = new Actors();

  constructor(
    private readonly lookup: KeyLookup,
    private readonly rateLimit: RateLimit,
    private readonly allowedOrigins: readonly string[] = [],
  ) {}

  canActivate(context: ExecutionContext): MaybeLater<boolean> {
    const access = this.reflector.get<Access | undefined>(accessMetadata, context.getHandler());
    if (!access) return false;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    refuseForeignWrite(request, this.allowedOrigins);
    const caller = access === 'anyone' ? null : this.callerOf(request);
    // A known key costs no turn of the event loop.
    return caller instanceof Promise ? this.admitLater(caller, access, context) : this.admit(caller, access, context);
  }

  private async admitLater(pending: Promise<Caller | null>, access: Access, context: ExecutionContext): Promise<boolean> {
    let caller: Caller | null;
    try {
      caller = await pending;
    } catch (error) {
      this.count(null, context);
      throw error;
    }
    return this.admit(caller, access, context);
  }

  private admit(caller: Caller | null, access: Access, context: ExecutionContext): boolean {
    const name = this.count(caller, context);
    if (access === 'anyone') return true;
    if (!caller) throw unauthenticated();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const what = `${request.method} ${request.routeOptions.url}`;
    requireRole(caller, access, what);
    if (this.reflector.get<boolean | undefined>(allTenantsMetadata, context.getHandler())) requireUnbound(caller, what);
    const origin = { actor: this.actors.of(caller, request.ip), requestId: request.id };
    rememberAdmission(request, { caller, origin, name, isStillAdmitted: () => this.isStillAdmitted(request, access) });
    return true;
  }

  /** Counts a request against the rate of who sent it, and gives his name. */
  private count(caller: Caller | null, context: ExecutionContext): string {
    const http = context.switchToHttp();
    // Those without a good key are told by their address, so that guessing keys has its limit as well.
    const name = caller?.keyId ? `The key ${caller.keyId}` : `The address ${http.getRequest<FastifyRequest>().ip}`;
    const weight = this.reflector.get<number | undefined>(weightMetadata, context.getHandler()) ?? 1;
    this.rateLimit.count(name, weight, http.getResponse<FastifyReply>());
    return name;
  }

  private async isStillAdmitted(request: FastifyRequest, role: Role): Promise<boolean> {
    try {
      const caller = await this.callerOf(request);
      return caller !== null && mayActAs(caller, role);
    } catch {
      // Nobody has been able to tell for so long that a new request would be refused as well.
      return false;
    }
  }

  private callerOf(request: FastifyRequest): MaybeLater<Caller | null> {
    return this.lookup ? this.lookup(keyOf(request)) : onThisMachine(request);
  }
}

const reads: readonly string[] = ['GET', 'HEAD'];

/** A browser takes what a page sends to wherever the page says, along with what only this machine or network can reach. */
function refuseForeignWrite({ method, headers }: FastifyRequest, allowedOrigins: readonly string[]): void {
  const { host, origin } = headers;
  const fetchSite = headers['sec-fetch-site'];
  if (reads.includes(method) || !isForeign({ host, origin, fetchSite: String(fetchSite ?? '') }, allowedOrigins)) return;
  const got = shown(origin ?? 'a page of another site, without an Origin');
  const allowed = 'a page of this server, an origin of ALLOWED_ORIGINS, or no browser';
  throw new ProblemError(
    'ORIGIN_NOT_ALLOWED',
    `header.origin: got ${got}, allowed: ${allowed}. Add the origin to ALLOWED_ORIGINS of the gateway if its pages may write.`,
    { errors: [{ path: 'header.origin', rule: 'VALUE', got, allowed }] },
  );
}

function keyOf(request: FastifyRequest): string {
  const [, key] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  return key ?? '';
}

function unauthenticated(): ProblemError {
  return new ProblemError('UNAUTHENTICATED', 'A valid API key is needed: send `Authorization: Bearer kin_<id>_<secret>`.');
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
