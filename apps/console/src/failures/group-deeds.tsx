import { Button, Checkbox, Select, Stack, TextInput, Textarea } from '@mantine/core';
import type { ActionInput, GroupDetails, GroupState } from '@kintsugi/contracts';
import { useState } from 'react';
import { Confirmed, asking, type Deed } from '../display/confirmed.js';
import { useMayOperate } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';
import { CarefulRecovery } from './careful-recovery.js';
import { countOf, mayHave } from './domain/group-records.js';

type Asked = 'recover' | 'careful' | 'edit';

/** What a reader who may can do about a group of failures. */
export function GroupDeeds({ group }: { group: GroupDetails }) {
  const say = useTexts();
  const mayOperate = useMayOperate();
  const [asked, ask] = useState<Asked | null>(null);
  const close = (): void => ask(null);
  if (!mayOperate) return null;
  const mayWait = mayHave(group, 'waiting');
  return (
    <>
      {mayWait && <Button onClick={() => ask('recover')}>{say('deed.recover')}</Button>}
      {mayWait && (
        <Button variant="default" onClick={() => ask('careful')}>
          {say('deed.careful')}
        </Button>
      )}
      <Button variant="default" onClick={() => ask('edit')}>
        {say('deed.edit')}
      </Button>
      {asked === 'recover' && <Recover group={group} onClose={close} />}
      {asked === 'careful' && <CarefulRecovery group={group} onClose={close} />}
      {asked === 'edit' && <Edit group={group} onClose={close} />}
    </>
  );
}

interface Given {
  group: GroupDetails;
  onClose: () => void;
}

/** Runs what waits for a person again; how many that are is said before. */
function Recover({ group, onClose }: Given) {
  const say = useTexts();
  const [force, setForce] = useState(false);
  const data: ActionInput<'manualRecover'> = { group_id: group.id, ...(force ? { recovery_options: { force } } : {}) };
  const deed: Deed = {
    title: say('deed.recover'),
    about: say('deed.recover.about', { count: countOf(group, 'waiting'), jobs: countOf(group, 'jobs') }),
    refreshes: [['groups']],
    command: `./kintsugi recover ${group.id}${force ? ' --force' : ''}`,
    ...asking('/error-operations', 'manualRecover', data, ({ accepted, refused_count }) =>
      say('deed.recover.done', { accepted: accepted.toLocaleString(), refused: refused_count.toLocaleString() }),
    ),
  };
  return (
    <Confirmed deed={deed} onClose={onClose}>
      {mayHave(group, 'outcome_unknown') && (
        <Checkbox
          label={say('deed.recover.force', { count: countOf(group, 'outcome_unknown') })}
          checked={force}
          onChange={(event) => setForce(event.currentTarget.checked)}
        />
      )}
    </Confirmed>
  );
}

const states = ['open', 'acknowledged', 'resolved', 'ignored'] as const satisfies GroupState[];

/** Says how far people are with it, who sees to it, and what to remember. */
function Edit({ group, onClose }: Given) {
  const say = useTexts();
  const [state, choose] = useState<GroupState>(group.state);
  const [assignee, assign] = useState(group.assignee ?? '');
  const [note, write] = useState(group.note ?? '');
  const deed = editDeed(group, { state, assignee, note }, say);
  return (
    <Confirmed deed={deed} onClose={onClose}>
      <Stack gap="xs">
        <Select
          label={say('groups.state')}
          allowDeselect={false}
          value={state}
          data={states.map((value) => ({ value, label: say(`state.${value}`) }))}
          onChange={(value) => value && choose(value)}
        />
        <TextInput
          label={say('groups.assignee')}
          value={assignee}
          maxLength={128}
          onChange={(event) => assign(event.currentTarget.value)}
        />
        <Textarea
          label={say('group.note')}
          value={note}
          maxLength={2_000}
          autosize
          minRows={2}
          onChange={(event) => write(event.currentTarget.value)}
        />
      </Stack>
    </Confirmed>
  );
}

function editDeed(group: GroupDetails, wanted: { state: GroupState; assignee: string; note: string }, say: Say): Deed {
  const data: ActionInput<'updateGroup'> = {
    group_id: group.id,
    state: wanted.state,
    assignee: wanted.assignee.trim() || null,
    note: wanted.note.trim() || null,
  };
  return {
    title: say('deed.edit'),
    about: say('deed.edit.about'),
    refreshes: [['groups']],
    ...asking('/error-operations', 'updateGroup', data, () => say('deed.edit.done')),
  };
}
