import { Button, Group } from '@mantine/core';
import type { ActionName, ScheduleView } from '@kintsugi/contracts';
import { useState } from 'react';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { useMayOperate } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';

type ScheduleDeed = 'trigger' | 'pause' | 'resume' | 'delete';

const actions = {
  trigger: 'triggerSchedule',
  pause: 'pauseSchedule',
  resume: 'resumeSchedule',
  delete: 'deleteSchedule',
} as const satisfies Record<ScheduleDeed, ActionName>;

function deedOf(deed: ScheduleDeed, name: string, say: Say): Deed {
  return {
    title: say(`schedule.${deed}`),
    about: say(`schedule.${deed}.about`, { name }),
    refreshes: [['schedules']],
    command: `./kintsugi schedules ${deed} ${name}`,
    isDangerous: deed === 'delete',
    ...(deed === 'delete' ? { typed: name } : {}),
    ...asking('/job-operations', actions[deed], { name }, () => say(`schedule.${deed}.done`, { name })),
  };
}

/** What a reader who may can do with a schedule. */
export function ScheduleDeeds({ schedule, compact = false }: { schedule: ScheduleView; compact?: boolean }) {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const [asked, ask] = useState<ScheduleDeed | null>(null);
  if (!mayOperate) return null;
  const deeds: ScheduleDeed[] = ['trigger', schedule.paused ? 'resume' : 'pause', ...(compact ? [] : (['delete'] as const))];
  return (
    <Group gap={4} wrap="nowrap">
      {deeds.map((deed) => (
        <Button key={deed} size={compact ? 'compact-xs' : 'sm'} variant="default" onClick={() => ask(deed)}>
          {say(`schedule.${deed}`)}
        </Button>
      ))}
      <Confirmed deed={asked && deedOf(asked, schedule.name, say)} onClose={() => ask(null)} />
    </Group>
  );
}
