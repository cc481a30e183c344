import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { ProblemError, shown, validate } from '@kintsugi/contracts';
import { HTTP_DOOR } from '@kintsugi/hosting';
import type { Answer, Exchange } from '../../http/exchange.js';
import { GatewayDoor } from '../../http/gateway-door.js';
import { RequestBodies } from '../../http/request-bodies.js';
import { securityHeadersOfPage } from '../../http/security-headers.js';
import { sessionCookie, type CookiePlace } from '../../keys/domain/session-cookie.js';
import { Admissions } from '../../keys/http/admissions.js';
import { assetOf, isPage, prefixOf } from '../domain/console-paths.js';
import { encodingFor, readConsole, type ConsoleFiles } from './console-files.js';

const sessionPath = '/console/session';
/** The name of a file says what is in it. */
const forever = 'public, max-age=31536000, immutable';
const signInBytesMax = 1_024;
const signInSchema = z.strictObject({
  api_key: z.string().min(1).max(200).describe('The API key, as it was shown when it was made.'),
});

/** Answers browsers: the pages of the console, its files, and who is signed in. It is no part of the API, and holds no data. */
@Injectable()
export class ConsoleDoor implements OnModuleInit {
  private files: Promise<ConsoleFiles | null> | null = null;

  constructor(
    @Inject(HTTP_DOOR) private readonly door: GatewayDoor,
    private readonly admissions: Admissions,
    private readonly bodies: RequestBodies,
  ) {}

  onModuleInit(): void {
    this.door.show((exchange, path) => this.handlerOf(exchange, path));
  }

  private handlerOf(exchange: Exchange, path: string): { route: string; handle: () => Promise<void> } | null {
    if (path === sessionPath) return { route: sessionPath, handle: () => this.session(exchange) };
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') return null;
    const name = assetOf(path);
    if (name !== null) return { route: '/assets/:file', handle: () => this.asset(exchange, name) };
    return isPage(path) ? { route: '/', handle: () => this.page(exchange) } : null;
  }

  private async page(exchange: Exchange): Promise<void> {
    const { page } = await this.built();
    const nonce = randomBytes(16).toString('base64');
    const prefix = prefixOf(exchange.headers['x-forwarded-prefix']);
    const text = page.replaceAll('"./', `"${prefix}/`).replaceAll('%PREFIX%', prefix).replaceAll('%NONCE%', nonce);
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
    exchange.send(200, headers, Buffer.from(text), securityHeadersOfPage(nonce));
  }

  private async asset(exchange: Exchange, name: string): Promise<void> {
    const file = (await this.built()).assets.get(name);
    if (!file) throw new ProblemError('ROUTE_NOT_FOUND', `There is no file ${shown(name)} of the console. Load the page again.`);
    const encoding = encodingFor(exchange.headers['accept-encoding'], file);
    const headers = { 'content-type': file.mediaType, 'cache-control': forever, vary: 'accept-encoding' };
    if (encoding === null) exchange.send(200, headers, file.plain);
    else exchange.send(200, { ...headers, 'content-encoding': encoding }, file.compressed[encoding] as Buffer);
  }

  private async built(): Promise<ConsoleFiles> {
    this.files ??= readConsole();
    const files = await this.files;
    if (files) return files;
    this.files = null;
    throw new ProblemError(
      'ROUTE_NOT_FOUND',
      'The console has not been built here. Run ./kintsugi setup, then load the page again.',
    );
  }

  private async session(exchange: Exchange): Promise<void> {
    const { method } = exchange;
    if (method === 'GET' || method === 'HEAD') {
      return exchange.answer({ status: 200, body: await this.admissions.whoIs(exchange) });
    }
    if (method === 'POST') return exchange.answer(await this.signIn(exchange));
    if (method === 'DELETE') {
      this.admissions.refuseForeign(exchange);
      const headers = { 'set-cookie': sessionCookie('', 0, placeOf(exchange)) };
      return exchange.answer({ status: 200, headers, body: { signed_in: false } });
    }
    const allowed = ['DELETE', 'GET', 'HEAD', 'POST'];
    throw new ProblemError('METHOD_NOT_ALLOWED', `${sessionPath} does not answer ${method}, only ${allowed.join(', ')}.`, {
      allowed,
    });
  }

  private async signIn(exchange: Exchange): Promise<Answer> {
    this.admissions.refuseForeign(exchange);
    const use = async ({ rest }: { rest: unknown }): Promise<Answer> => {
      const { api_key } = validate(signInSchema, rest, 'body');
      const { token, session } = await this.admissions.signIn(exchange, api_key);
      const seconds = Math.floor((Date.parse(session.expires_at ?? '') - Date.now()) / 1_000);
      return { status: 200, headers: { 'set-cookie': sessionCookie(token, seconds, placeOf(exchange)) }, body: session };
    };
    return this.bodies.json(exchange.request, use, signInBytesMax);
  }
}

function placeOf({ headers }: Exchange): CookiePlace {
  return { path: prefixOf(headers['x-forwarded-prefix']) || '/', isSecure: headers['x-forwarded-proto'] === 'https' };
}
