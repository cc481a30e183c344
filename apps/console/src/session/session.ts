import { useQuery } from '@tanstack/react-query';
import { isAtLeast, type Role } from '@kintsugi/contracts';
import { request } from '../api/request.js';
import type { Reader } from '../failures/domain/waiting-recovery.js';

export interface Session {
  auth: 'on' | 'off';
  signed_in: boolean;
  key_id: string | null;
  role: Role | null;
  tenant: string | null;
  expires_at: string | null;
}

const path = '/console/session';

export const sessionKey = ['session'];

export function useSession() {
  return useQuery({ queryKey: sessionKey, queryFn: () => request<Session>('GET', path), staleTime: 60_000 });
}

export function signIn(apiKey: string): Promise<Session> {
  return request('POST', path, { api_key: apiKey });
}

export function signOut(): Promise<unknown> {
  return request('DELETE', path);
}

/** Whether whoever looks may change something; the platform asks again for each action. */
export function useMayOperate(): boolean {
  const role = useSession().data?.role ?? null;
  return role !== null && isAtLeast(role, 'operator');
}

/** Whoever looks, as approvals see him. */
export function useReader(): Reader {
  const session = useSession().data;
  return { keyId: session?.key_id ?? null, role: session?.role ?? null };
}

/** Whether whoever looks is an admin. */
export function useIsAdmin(): boolean {
  return useSession().data?.role === 'admin';
}

/** Whether whoever looks is an admin who is bound to no tenant, and may change what all tenants share. */
export function useIsAdminOfAll(): boolean {
  const session = useSession().data;
  return session?.role === 'admin' && session.tenant === null;
}
