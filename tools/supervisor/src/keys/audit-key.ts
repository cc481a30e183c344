import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFiles } from '@kintsugi/contracts';
import { AuditKey, AuditPublicKey } from '@kintsugi/persistence/audit-check';
import { HomeFileError, writePrivateFile } from '../process/state-file.js';
import { isChosen } from '../settings/is-chosen.js';

/** The file of the key by which the services of a home sign the audit; null where the user has given them one. */
export function prepareAuditKey(home: string, environment: Record<string, string>): string | null {
  if (isChosen(environment, 'AUDIT_SIGNING_KEY')) return null;
  const path = join(home, homeFiles.auditKey);
  if (!existsSync(path)) writePrivateFile(path, AuditKey.generatePem());
  return path;
}

/** What signatures of a home are held against; null where this user cannot read its key. */
export function auditPublicKeyOf(home: string): AuditPublicKey | null {
  const path = join(home, homeFiles.auditKey);
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  try {
    return AuditPublicKey.fromPem(pem);
  } catch {
    throw new HomeFileError(
      path,
      'does not hold the key of the audit',
      'Bring it back from a copy: no other key fits what was signed.',
    );
  }
}
