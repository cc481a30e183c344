import { Button, Group } from '@mantine/core';
import type { SlotView } from '@kintsugi/contracts';
import { useState } from 'react';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { useMayOperate } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';

type SlotDeed = 'recover' | 'isolate';

function deedOf(deed: SlotDeed, slot_id: string, say: Say): Deed {
  return {
    title: say(`slot.${deed}`),
    about: say(`slot.${deed}.about`),
    refreshes: [['pools']],
    command: `./kintsugi pool ${deed} ${slot_id}`,
    isDangerous: deed === 'isolate',
    ...(deed === 'isolate'
      ? asking('/pool-operations', 'isolateSlot', { slot_id }, () => say('slot.isolate.done'))
      : asking('/pool-operations', 'recoverSlot', { slot_id }, ({ success, outcome, reason }) => {
          if (!success) throw new Error([outcome, reason].filter(Boolean).join(': '));
          return say('slot.recover.done');
        })),
  };
}

/** What a reader who may can do with a slot. */
export function SlotDeeds({ slot }: { slot: SlotView }) {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const [asked, ask] = useState<SlotDeed | null>(null);
  if (!mayOperate) return null;
  const deeds: SlotDeed[] = slot.state === 'ERROR' ? ['recover'] : ['recover', 'isolate'];
  return (
    <Group gap={4} wrap="nowrap">
      {deeds.map((deed) => (
        <Button key={deed} size="compact-xs" variant="default" onClick={() => ask(deed)}>
          {say(`slot.${deed}`)}
        </Button>
      ))}
      <Confirmed deed={asked && deedOf(asked, slot.slot_id, say)} onClose={() => ask(null)} />
    </Group>
  );
}
