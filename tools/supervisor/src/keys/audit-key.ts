import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFiles } from '@kintsugi/contracts';
import { storeSettings } from '@kintsugi/hosting/shared-settings';
import { AuditKey } from '@kintsugi/persistence/audit-check';
import { HomeFileError, writePrivateFile } from '../process/state-file.js';
import { isChosen } from '../settings/is-chosen.js';
import { settingsOf } from '../settings/settings-of.js';

/** The file of the key by which the services of a home sign the audit; null where the user has given them one. */
export function prepareAuditKey(home: string, environment: Record<string, string>): string | null {
  if (isChosen(environment, 'AUDIT_SIGNING_KEY')) return null;
  const path = join(home, homeFiles.auditKey);
  if (!existsSync(path)) writePrivateFile(path, AuditKey.generatePem());
  return path;
}

/** The key that signs the audit: the one that the settings name, or else that of the home; undefined where this user has neither. */
export function auditKeyPemOf(home: string, environment: Record<string, string | undefined>): string | undefined {
  const { AUDIT_SIGNING_KEY: named } = settingsOf({ AUDIT_SIGNING_KEY: storeSettings.AUDIT_SIGNING_KEY }, environment);
  if (named !== undefined) return named;
  const path = join(home, homeFiles.auditKey);
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    AuditKey.fromPem(pem);
    return pem;
  } catch {
    throw new HomeFileError(
      path,
      'does not hold the key of the audit',
      'Bring it back from a copy: no other key fits what was signed.',
    );
  }
}
