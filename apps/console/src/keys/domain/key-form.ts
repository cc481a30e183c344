import type { CreateKey, Role } from '@kintsugi/contracts';
import { shellWord } from '../../display/domain/shell-word.js';

/** A key as a reader asks for it. */
export interface KeyForm {
  id: string;
  role: Role;
  /** Empty for none. */
  tenant: string;
  /** The last day on which it is good, as 2027-03-31; empty for no end. */
  lastDay: string;
}

export const emptyKeyForm: KeyForm = { id: '', role: 'viewer', tenant: '', lastDay: '' };

const dayMs = 86_400_000;

/** What the gateway is asked for. A day ends with it, in UTC, as it does for the command. */
export function newKeyOf({ id, role, tenant, lastDay }: KeyForm): CreateKey {
  const day = Date.parse(`${lastDay}T00:00:00Z`);
  return {
    id: id.trim(),
    role,
    ...(tenant.trim() === '' ? {} : { tenant: tenant.trim() }),
    ...(Number.isNaN(day) ? {} : { expires_at: new Date(day + dayMs).toISOString() }),
  };
}

/** The command that makes the same key. */
export function keyCommandOf({ id, role, tenant, lastDay }: KeyForm): string {
  return [
    `./kintsugi keys create ${shellWord(id.trim() || 'NAME')} --role ${role}`,
    ...(tenant.trim() === '' ? [] : [`--tenant ${shellWord(tenant.trim())}`]),
    ...(lastDay === '' ? [] : [`--expires ${shellWord(lastDay)}`]),
  ].join(' ');
}
