import type { AlertPage, GroupPage, GroupRecoveryPage, JobPage } from '@kintsugi/contracts';
import { useQuery } from '@tanstack/react-query';
import { get } from '../api/request.js';

const everyMs = 5_000;
const groupsMax = 100;
const alertsMax = 100;
const failuresShown = 6;
const recoveriesMax = 50;
const recoveriesShown = 5;

/** Groups of failures that are open. */
export function useOpenGroups() {
  return useQuery({
    queryKey: ['groups', 'open', 'home'],
    queryFn: ({ signal }) => get<GroupPage>('/v1/groups', { state: 'open', limit: groupsMax }, signal),
    refetchInterval: everyMs,
  });
}

/** Alerts that fire, and that neither a silence nor another alert keeps quiet, the newest first. */
export function useFiring() {
  return useQuery({
    queryKey: ['alerts', 'firing', 'home'],
    queryFn: async ({ signal }) => {
      const { items, next_cursor } = await get<AlertPage>('/v1/alerts', { state: 'firing', limit: alertsMax }, signal);
      return { alerts: items.filter(({ hushed_by }) => hushed_by === null), isCapped: next_cursor !== null };
    },
    refetchInterval: everyMs,
  });
}

export function useLastFailures() {
  return useQuery({
    queryKey: ['jobs', 'failed', 'home'],
    queryFn: ({ signal }) => get<JobPage>('/v1/jobs', { status: 'failed', limit: failuresShown }, signal),
    refetchInterval: everyMs,
  });
}

/** Recoveries that no longer wait for what has to hold before they begin. */
export function useLastRecoveries() {
  return useQuery({
    queryKey: ['groups', 'recoveries', 'last'],
    queryFn: async ({ signal }) => {
      const { items } = await get<GroupRecoveryPage>('/v1/group-recoveries', { limit: recoveriesMax }, signal);
      return items.filter(({ state }) => state !== 'waiting').slice(0, recoveriesShown);
    },
    refetchInterval: everyMs,
  });
}
