import { Inject, Injectable } from '@nestjs/common';
import { ProblemError, type CreateKey, type KeyView, type MadeApiKey, type RevokedKey } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import type { MadeKey, NewApiKey } from '@kintsugi/persistence/api-keys';
import { viewOf, type KeptKey } from '../domain/key-view.js';
import { KEY_SOURCE } from '../key-directory.js';

/** What can be done with the keys, where they are kept. */
export interface KeyStore {
  list(): Promise<KeptKey[]>;
  create(about: NewApiKey, origin: Origin): Promise<MadeKey | 'taken'>;
  rotate(id: string, overlapSeconds: number, origin: Origin): Promise<MadeKey | 'absent' | 'revoked'>;
  revoke(id: string, origin: Origin): Promise<'changed' | 'absent' | 'revoked'>;
}

/** Makes, lists, rotates and revokes API keys. What is done to keys by HTTP passes here, and nowhere else. */
@Injectable()
export class AdministerKeys {
  constructor(@Inject(KEY_SOURCE) private readonly kept: KeyStore | null) {}

  async list(now: Date): Promise<KeyView[]> {
    return (await this.store().list()).map((key) => viewOf(key, now));
  }

  async create({ id, role, tenant = null, expires_at = null }: CreateKey, origin: Origin): Promise<MadeApiKey> {
    const expires = expires_at === null ? null : new Date(expires_at);
    if (expires && expires <= new Date()) throw isOver(expires_at ?? '');
    const made = await this.store().create({ id, role, tenant, expires_at: expires }, origin);
    if (made !== 'taken') return { id, key: made.key };
    throw new ProblemError('KEY_EXISTS', `A key called ${id} exists already, or existed once. Choose another name.`);
  }

  async rotate(id: string, overlapSeconds: number, origin: Origin): Promise<MadeApiKey> {
    const made = await this.store().rotate(id, overlapSeconds, origin);
    if (typeof made === 'string') throw refusal(id, made);
    return { id, key: made.key };
  }

  async revoke(id: string, origin: Origin): Promise<RevokedKey> {
    const became = await this.store().revoke(id, origin);
    if (became !== 'changed') throw refusal(id, became);
    return { id, revoked: true };
  }

  private store(): KeyStore {
    if (this.kept) return this.kept;
    throw new ProblemError(
      'STATE_CONFLICT',
      'No API keys are asked for here: AUTH is off. Start the gateway with AUTH=on, which `./kintsugi up --auth on` does.',
    );
  }
}

function refusal(id: string, why: 'absent' | 'revoked'): ProblemError {
  if (why === 'absent') {
    return new ProblemError('KEY_NOT_FOUND', `There is no key called ${id}. GET /v1/keys lists those that there are.`);
  }
  return new ProblemError('STATE_CONFLICT', `${id} has been revoked, and stays so. Make another key under a new name.`, {
    current: 'revoked',
    allowed: ['good', 'expired'],
  });
}

function isOver(time: string): ProblemError {
  return new ProblemError('VALIDATION_FAILED', `body.expires_at: got ${time}, allowed: a time to come.`, {
    errors: [{ path: 'body.expires_at', rule: 'VALUE', got: time, allowed: 'a time to come' }],
  });
}
