import { Modal, NavLink, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type KeyboardEvent } from 'react';
import { useTexts } from '../texts/language.js';
import { usePages } from './pages.js';

const jobId = /^job_[0-9a-f-]{36}(?:\.\d+)?$/;
const groupId = /^grp_[0-9a-f]{32}$/;

interface Choice {
  label: string;
  go: () => void;
}

/** Leads anywhere by a few letters: to a page, to a job or a group by its id, or to a search. */
export function Palette({ isShown, onClose }: { isShown: boolean; onClose: () => void }) {
  const say = useTexts();
  return (
    <Modal opened={isShown} onClose={onClose} title={say('palette.title')}>
      {isShown && <Choices onClose={onClose} />}
    </Modal>
  );
}

function Choices({ onClose }: { onClose: () => void }) {
  const say = useTexts();
  const navigate = useNavigate();
  const pages = usePages();
  const [typed, type] = useState('');
  const [marked, mark] = useState(0);
  const wanted = typed.trim();
  const choices: Choice[] = [
    ...(jobId.test(wanted)
      ? [{ label: say('palette.job', { id: wanted }), go: () => navigate({ to: '/jobs/$jobId', params: { jobId: wanted } }) }]
      : []),
    ...(groupId.test(wanted)
      ? [
          {
            label: say('palette.group', { id: wanted }),
            go: () => navigate({ to: '/failures/$groupId', params: { groupId: wanted } }),
          },
        ]
      : []),
    ...pages
      .filter(({ text }) => say(text).toLowerCase().includes(wanted.toLowerCase()))
      .map(({ to, text }) => ({ label: say(text), go: () => navigate({ to }) })),
    ...(wanted
      ? [{ label: say('palette.search', { text: wanted }), go: () => navigate({ to: '/jobs', search: { q: wanted } }) }]
      : []),
  ].map(({ label, go }) => ({ label, go: () => void go().then(onClose) }));
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') mark(Math.min(marked + 1, choices.length - 1));
    else if (event.key === 'ArrowUp') mark(Math.max(marked - 1, 0));
    else if (event.key === 'Enter') choices[marked]?.go();
    else return;
    event.preventDefault();
  };
  return (
    <Stack gap="xs">
      <TextInput
        aria-label={say('palette.title')}
        placeholder={say('palette.hint')}
        value={typed}
        data-autofocus
        onChange={(event) => {
          type(event.currentTarget.value);
          mark(0);
        }}
        onKeyDown={press}
      />
      {choices.map(({ label, go }, index) => (
        <NavLink key={label} component="button" label={label} active={index === marked} onClick={go} />
      ))}
    </Stack>
  );
}
