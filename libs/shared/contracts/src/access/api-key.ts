import { z } from 'zod';
import { roles } from '../operations.js';

/** An API key reads `kin_<id>_<secret>`: the id says which record it belongs to, the secret is hex of at least 128 random bits. */
const keyPattern = /^kin_([a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)_[0-9a-f]{32,128}$/;

export function apiKeyOf(id: string, secretHex: string): string {
  return `kin_${id}_${secretHex}`;
}

/** The id that a key names, or null for a text that is no key. */
export function apiKeyIdOf(key: string): string | null {
  return keyPattern.exec(key)?.[1] ?? null;
}

/** What is kept of an API key: enough to recognise it, not enough to use it. */
export const apiKeySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'lower-case letters, digits and dashes, at most 32'),
  role: z.enum(roles),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits')
    .describe('SHA-256 of the whole key.'),
  expires_at: z.iso.datetime({ offset: true }).optional().describe('From then on the key is refused.'),
});

export type ApiKeyRecord = z.infer<typeof apiKeySchema>;

/** The content of the file that API_KEYS_FILE names. */
export const apiKeyListSchema = z
  .array(apiKeySchema)
  .max(10_000)
  .refine((keys) => new Set(keys.map((key) => key.id)).size === keys.length, 'ids that differ');
