import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { roles, type KeyView, type MadeApiKey, type RevokedKey } from '@kintsugi/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/request.js';
import { Confirmed, type Deed } from '../display/confirmed.js';
import { sessionKey, signIn, useSession } from '../session/session.js';
import { useTexts, type Say } from '../texts/language.js';
import { emptyKeyForm, keyCommandOf, newKeyOf, type KeyForm } from './domain/key-form.js';
import { rotateKey, type KeyRotation } from './domain/key-rotation.js';
import { useShowKey } from './made-key.js';

export type KeyDeed = 'create' | 'rotate' | 'revoke';

interface KeyDialogProps {
  deed: KeyDeed;
  apiKey: KeyView | null;
  onClose: () => void;
}

/** Makes a key, puts a new one in the place of one, or ends one. */
export function KeyDialog({ deed, apiKey, onClose }: KeyDialogProps) {
  const say = useTexts();
  const queries = useQueryClient();
  const show = useShowKey();
  const ownId = useSession().data?.key_id ?? null;
  const [form, write] = useState(emptyKeyForm);
  const [overlapHours, overlap] = useState(0);
  const enter = async (key: string): Promise<void> => {
    queries.setQueryData(sessionKey, await signIn(key));
  };
  const asked =
    apiKey === null
      ? createDeed(form, say, show)
      : deed === 'rotate'
        ? rotateDeed(apiKey.id, Math.round(overlapHours * 3_600), say, { show, enter: apiKey.id === ownId ? enter : null })
        : revokeDeed(apiKey.id, say);
  return (
    <Confirmed deed={{ ...asked, refreshes: [['keys']] }} onClose={onClose}>
      {deed === 'create' && <Fields form={form} change={(part) => write({ ...form, ...part })} />}
      {deed === 'rotate' && (
        <NumberInput
          label={say('key.overlap')}
          value={overlapHours}
          min={0}
          max={720}
          hideControls
          onChange={(hours) => overlap(typeof hours === 'number' ? hours : 0)}
        />
      )}
    </Confirmed>
  );
}

function Fields({ form, change }: { form: KeyForm; change: (part: Partial<KeyForm>) => void }) {
  const say = useTexts();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
      <TextInput
        label={say('apiKeys.id')}
        description={say('key.idHint')}
        value={form.id}
        required
        maxLength={32}
        autoComplete="off"
        onChange={(event) => change({ id: event.currentTarget.value })}
      />
      <Select
        label={say('apiKeys.role')}
        description={say('key.roleHint')}
        data={[...roles]}
        value={form.role}
        allowDeselect={false}
        onChange={(role) => role && change({ role })}
      />
      <TextInput
        label={say('apiKeys.tenant')}
        description={say('key.tenantHint')}
        value={form.tenant}
        maxLength={32}
        onChange={(event) => change({ tenant: event.currentTarget.value })}
      />
      <TextInput
        label={say('key.lastDay')}
        description={say('key.lastDayHint')}
        type="date"
        value={form.lastDay}
        onChange={(event) => change({ lastDay: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}

function createDeed(form: KeyForm, say: Say, onMade: (made: MadeApiKey) => void): Deed {
  const data = newKeyOf(form);
  return {
    title: say('key.create'),
    about: say('key.create.about'),
    command: keyCommandOf(form),
    http: { endpoint: '/v1/keys', body: data },
    carryOut: async () => {
      onMade(await request<MadeApiKey>('POST', '/v1/keys', data));
      return say('key.create.done', { id: data.id });
    },
  };
}

function rotateDeed(id: string, overlapSeconds: number, say: Say, { show, enter }: Pick<KeyRotation, 'show' | 'enter'>): Deed {
  const path = `/v1/keys/${id}/rotate${overlapSeconds > 0 ? `?overlap_s=${overlapSeconds}` : ''}`;
  return {
    title: say('key.rotate'),
    about: say(enter ? 'key.rotate.aboutOwn' : 'key.rotate.about', { id }),
    command: `./kintsugi keys rotate ${id}${overlapSeconds > 0 ? ` --overlap ${overlapSeconds}` : ''}`,
    http: { endpoint: path },
    carryOut: async () => {
      await rotateKey({ rotate: () => request<MadeApiKey>('POST', path), show, enter });
      return say('key.rotate.done', { id });
    },
  };
}

function revokeDeed(id: string, say: Say): Deed {
  const path = `/v1/keys/${id}/revoke`;
  return {
    title: say('key.revoke'),
    about: say('key.revoke.about', { id }),
    command: `./kintsugi keys revoke ${id}`,
    http: { endpoint: path },
    typed: id,
    isDangerous: true,
    carryOut: async () => {
      await request<RevokedKey>('POST', path);
      return say('key.revoke.done', { id });
    },
  };
}
