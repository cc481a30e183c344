import { Button, Group, TextInput } from '@mantine/core';
import type { AuditPhase, AuditService } from '@kintsugi/contracts';
import { useState } from 'react';
import { Choice } from '../display/choice.js';
import { useTexts } from '../texts/language.js';
import { periods, type AuditFilter } from './domain/audit-filter.js';

const services = ['job', 'recovery', 'metrics', 'access'] as const satisfies AuditService[];
const phases = ['done', 'refused', 'unknown', 'created', 'asked'] as const satisfies AuditPhase[];

interface AuditFiltersProps {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}

/** What of the audit is shown. Words are looked for by Enter, the others at once. */
export function AuditFilters({ filter, onFilter }: AuditFiltersProps) {
  const say = useTexts();
  const [typed, type] = useState({
    actor: filter.actor ?? '',
    action: filter.action ?? '',
    subject: filter.subject ?? '',
  });
  const choose = (part: AuditFilter): void => onFilter({ ...filter, ...part });
  const search = (): void => {
    const { actor, action, subject } = typed;
    const words = { actor: actor.trim() || undefined, action: action.trim() || undefined, subject: subject.trim() || undefined };
    choose(words);
  };
  const field = (name: keyof typeof typed) => (
    <TextInput
      size="xs"
      type={name === 'actor' ? 'search' : 'text'}
      className="grow"
      label={say(`audit.${name}`)}
      value={typed[name]}
      onChange={(event) => type({ ...typed, [name]: event.currentTarget.value })}
    />
  );
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <Group align="end" gap="xs">
        {field('actor')}
        {field('action')}
        {field('subject')}
        <Choice
          label={say('audit.since')}
          value={filter.since}
          values={Object.keys(periods)}
          onChange={(since) => choose({ since })}
        />
        <Choice
          label={say('audit.service')}
          value={filter.service}
          values={services}
          onChange={(service) => choose({ service })}
        />
        <Choice
          label={say('audit.phase')}
          value={filter.phase}
          values={phases.map((value) => ({ value, label: say(`phase.${value}`) }))}
          onChange={(phase) => choose({ phase })}
        />
        <Button type="submit" size="xs" variant="default">
          {say('logs.find')}
        </Button>
      </Group>
    </form>
  );
}
