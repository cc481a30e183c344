import { NumberInput, SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { shellWord } from '../display/domain/shell-word.js';
import { useTexts, type Say } from '../texts/language.js';

/** Keeps a condition quiet for a while, or all of them. */
export function SilenceDialog({ condition, onClose }: { condition: string | null; onClose: () => void }) {
  const say = useTexts();
  const [minutes, last] = useState<number>(60);
  const [reason, explain] = useState('');
  const [subject, narrow] = useState('');
  const deed = deedOf({ condition, minutes, reason, subject: subject.trim() }, say);
  return (
    <Confirmed deed={deed} onClose={onClose}>
      <TextInput
        label={say('silences.reason')}
        value={reason}
        required
        maxLength={300}
        onChange={(event) => explain(event.currentTarget.value)}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        <NumberInput
          label={say('silences.minutes')}
          value={minutes}
          required
          min={1}
          max={43_200}
          allowDecimal={false}
          hideControls
          onChange={(given) => last(typeof given === 'number' ? given : 60)}
        />
        <TextInput label={say('silences.subject')} value={subject} onChange={(event) => narrow(event.currentTarget.value)} />
      </SimpleGrid>
    </Confirmed>
  );
}

interface Silence {
  condition: string | null;
  minutes: number;
  reason: string;
  subject: string;
}

function deedOf({ condition, minutes, reason, subject }: Silence, say: Say): Deed {
  const data = {
    ...(condition === null ? {} : { condition }),
    ...(subject === '' ? {} : { subject }),
    for_s: minutes * 60,
    reason,
  };
  const words = [
    './kintsugi alerts silence',
    ...(condition === null ? [] : [condition]),
    ...(subject === '' ? [] : [`--subject ${shellWord(subject)}`]),
    `--minutes ${minutes} --reason ${shellWord(reason)}`,
  ];
  return {
    title: say('silence.create'),
    about: condition === null ? say('silence.create.ofAll') : say('silence.create.about', { name: condition }),
    refreshes: [['alerts']],
    command: words.join(' '),
    ...asking('/job-operations', 'createAlertSilence', data, ({ until }) =>
      say('silence.create.done', { until: new Date(until).toLocaleString() }),
    ),
  };
}
