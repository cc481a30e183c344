import type { ScheduleView } from '@kintsugi/contracts';
import { viewSchedule, type Schedule } from './domain/schedule.js';
import { tickTimesOf } from './tick-times.js';

const shownTimes = 10;

/** A schedule as its readers see it, with the ticks to come. */
export function viewWithTimes(schedule: Schedule): ScheduleView {
  const from = schedule.next_at ? schedule.next_at.getTime() - 1 : null;
  const times = from === null || schedule.paused ? [] : tickTimesOf(schedule).upcoming(from, shownTimes);
  return { ...viewSchedule(schedule), next_times: times.map((time) => new Date(time).toISOString()) };
}
