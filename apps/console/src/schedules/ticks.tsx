import type { ScheduleView } from '@kintsugi/contracts';
import { shownDuration } from '../display/domain/durations.js';
import { useTexts } from '../texts/language.js';

/** When a schedule ticks. */
export function Ticks({ schedule: { cron, every_s, time_zone } }: { schedule: ScheduleView }) {
  const say = useTexts();
  if (cron === null) return <>{say('schedules.every', { duration: shownDuration((every_s ?? 0) * 1_000) })}</>;
  return (
    <>
      <code>{cron}</code> <small>{time_zone}</small>
    </>
  );
}

export function ScheduleState({ schedule }: { schedule: ScheduleView }) {
  const say = useTexts();
  return (
    <span className={`status status-${schedule.paused ? 'held' : 'good'}`}>
      {say(schedule.paused ? 'schedules.paused' : 'schedules.active')}
    </span>
  );
}
