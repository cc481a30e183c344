import { ProblemError, shown, type Role } from '@kintsugi/contracts';
import { isLoopbackHost } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import type { Exchange } from '../../http/exchange.js';
import type { RateLimit } from '../../rates/http/rate-limit.js';
import { Actors } from '../actors.js';
import { isForeign } from '../domain/foreign-origin.js';
import type { Caller } from '../domain/known-keys.js';
import { mayActAs, requireRole, requireUnbound } from '../domain/permission.js';
import { consoleHeader, sessionTokenOf } from '../domain/session-cookie.js';
import type { Session, Sessions } from '../sessions.js';
import type { Access } from './access.js';

/** Tells the caller of a key; null while AUTH is off, when whoever is on this machine may do everything. */
export type KeyLookup = ((key: string) => MaybeLater<Caller | null>) | null;

export type MaybeLater<Value> = Value | Promise<Value>;

/** Whether a request would be let in now as it was before: its key may have been revoked since, or have expired. */
export type IsStillAdmitted = () => Promise<boolean>;

export type Weigh = (more: number) => void;

/** What a route asks of its callers. */
export interface Asks {
  access: Access;
  /** As how many requests one counts against the rate of its caller. */
  weight: number;
  /** What it tells is of all tenants. */
  ofAllTenants?: boolean;
}

export interface Admission {
  caller: Caller;
  /** The caller to the services behind this door. */
  origin: Origin;
  /** Who the caller is to those who share something out: its key, or its address while there are none. */
  name: string;
  isStillAdmitted: IsStillAdmitted;
  /** Counts as so many requests more, once it is known what is asked for. */
  weigh: Weigh;
}

/** Who a browser is to the console. */
export interface WhoIs {
  auth: 'on' | 'off';
  signed_in: boolean;
  key_id: string | null;
  role: Role | null;
  tenant: string | null;
  expires_at: string | null;
}

const nobody: WhoIs = { auth: 'on', signed_in: false, key_id: null, role: null, tenant: null, expires_at: null };
/** A sign-in counts as so many requests: nobody has a reason to make many. */
const signInWeight = 20;

const developer: Caller = { keyId: null, role: 'admin', tenant: null };

/** Lets a request in or not, and no more of one caller than its rate. */
export class Admissions {
  private readonly actors = new Actors();

  constructor(
    private readonly lookup: KeyLookup,
    private readonly rateLimit: RateLimit,
    private readonly sessions: Sessions,
    private readonly allowedOrigins: readonly string[] = [],
  ) {}

  /** Null where anyone is let in. */
  admit(exchange: Exchange, asks: Asks): MaybeLater<Admission | null> {
    this.refuseForeign(exchange);
    const caller = asks.access === 'anyone' ? null : this.callerOf(exchange);
    // A known key costs no turn of the event loop.
    return caller instanceof Promise ? this.admitLater(caller, exchange, asks) : this.admitCaller(caller, exchange, asks);
  }

  /** Refuses what a page of another web site has made a browser send. */
  refuseForeign(exchange: Exchange): void {
    refuseForeignWrite(exchange, this.allowedOrigins);
  }

  /** A session for whoever has this key. */
  async signIn(exchange: Exchange, key: string): Promise<{ token: string; session: WhoIs }> {
    const caller = this.lookup ? await this.lookup(key) : onThisMachine(exchange);
    this.count(caller, exchange, { access: 'anyone', weight: signInWeight });
    if (!caller) {
      throw new ProblemError('UNAUTHENTICATED', 'This API key is not accepted: it may be mistyped, revoked or expired.');
    }
    const { token, expiresAt } = this.sessions.seal(key);
    return { token, session: this.told(caller, expiresAt) };
  }

  /** Who a browser is, as far as its session says. */
  async whoIs(exchange: Exchange): Promise<WhoIs> {
    this.count(null, exchange, { access: 'anyone', weight: 1 });
    const session = this.lookup && this.sessionOf(exchange);
    const caller = this.lookup ? session && (await this.lookup(session.key)) : onThisMachine(exchange);
    return caller ? this.told(caller, session?.expiresAt ?? null) : nobody;
  }

  private told({ keyId, role, tenant }: Caller, expiresAt: Date | null): WhoIs {
    const expires_at = expiresAt?.toISOString() ?? null;
    return { auth: this.lookup ? 'on' : 'off', signed_in: true, key_id: keyId, role, tenant, expires_at };
  }

  private async admitLater(pending: Promise<Caller | null>, exchange: Exchange, asks: Asks): Promise<Admission | null> {
    let caller: Caller | null;
    try {
      caller = await pending;
    } catch (error) {
      this.count(null, exchange, asks);
      throw error;
    }
    return this.admitCaller(caller, exchange, asks);
  }

  private admitCaller(caller: Caller | null, exchange: Exchange, asks: Asks): Admission | null {
    const name = this.count(caller, exchange, asks);
    const { access } = asks;
    if (access === 'anyone') return null;
    if (!caller) throw unauthenticated();
    if (!mayActAs(caller, access) || asks.ofAllTenants) {
      const what = `${exchange.method} ${exchange.route}`;
      requireRole(caller, access, what);
      if (asks.ofAllTenants) requireUnbound(caller, what);
    }
    const origin = { actor: this.actors.of(caller, exchange.address), requestId: exchange.id };
    return {
      ...{ caller, origin, name, isStillAdmitted: () => this.isStillAdmitted(exchange, access) },
      weigh: (more) => this.rateLimit.count(name, more, exchange.response, asks.weight),
    };
  }

  /** Counts a request against the rate of who sent it, and gives his name. */
  private count(caller: Caller | null, { address, response }: Exchange, { weight }: Asks): string {
    // Those without a good key are told by their address, so that guessing keys has its limit as well.
    const name = caller?.keyId ? `The key ${caller.keyId}` : `The address ${address}`;
    this.rateLimit.count(name, weight, response);
    return name;
  }

  private async isStillAdmitted(exchange: Exchange, role: Role): Promise<boolean> {
    try {
      const caller = await this.callerOf(exchange);
      return caller !== null && mayActAs(caller, role);
    } catch {
      // Nobody has been able to tell for so long that a new request would be refused as well.
      return false;
    }
  }

  private callerOf(exchange: Exchange): MaybeLater<Caller | null> {
    if (!this.lookup) return onThisMachine(exchange);
    const { authorization } = exchange.headers;
    return this.lookup(authorization === undefined ? this.keyOfSession(exchange) : bearerOf(authorization));
  }

  private keyOfSession(exchange: Exchange): string {
    const session = this.sessionOf(exchange);
    if (session) requireOwnPage(exchange);
    return session?.key ?? '';
  }

  /** Nothing is taken from what another site had a browser send, reads included. */
  private sessionOf({ headers }: Exchange): Session | null {
    const token = sessionTokenOf(headers.cookie);
    const site = headers['sec-fetch-site'];
    return token === null || site === 'cross-site' || site === 'same-site' ? null : this.sessions.open(token);
  }
}

const reads: readonly string[] = ['GET', 'HEAD'];

/** A browser takes what a page sends to wherever the page says, along with what only this machine or network can reach. */
function refuseForeignWrite({ method, headers }: Exchange, allowedOrigins: readonly string[]): void {
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

/** A browser sends a cookie unasked, but this header only for a page of this server. */
function requireOwnPage({ method, headers }: Exchange): void {
  if (reads.includes(method) || headers[consoleHeader] !== undefined) return;
  throw new ProblemError(
    'HEADER_INVALID',
    `A write by a session of the console needs the header ${consoleHeader}. Programs send an API key.`,
    {
      errors: [{ path: `header.${consoleHeader}`, rule: 'REQUIRED', got: 'nothing', allowed: 'any value' }],
    },
  );
}

function bearerOf(authorization: string): string {
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
}

function unauthenticated(): ProblemError {
  return new ProblemError('UNAUTHENTICATED', 'A valid API key is needed: send `Authorization: Bearer kin_<id>_<secret>`.');
}

/** A page of any web site can make a browser call a loopback address under a name of its own, but not under ours. */
function onThisMachine({ headers }: Exchange): Caller {
  const host = headers.host ?? '';
  if (isLoopbackHost(host)) return developer;
  throw new ProblemError(
    'HOST_NOT_ALLOWED',
    `While AUTH is off, this server answers to loopback names only, not to ${shown(host)}.`,
    {
      errors: [{ path: 'header.host', rule: 'VALUE', got: shown(host), allowed: 'localhost, 127.0.0.1 or [::1]' }],
    },
  );
}
