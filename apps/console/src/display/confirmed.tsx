import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import type { ActionInput, ActionName, ActionResponse } from '@kintsugi/contracts';
import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { describeFault } from '../api/problem.js';
import { act, type Endpoint } from '../api/request.js';
import { useTexts } from '../texts/language.js';
import { Copyable } from './copyable.js';
import { httpOf, type SentRequest } from './domain/http-of.js';
import { notify } from './notices.js';

export interface Deed {
  /** What the button says. */
  title: string;
  /** What will happen, in a sentence. */
  about: string;
  /** The same from a terminal, and from a program. */
  command?: string;
  http?: SentRequest;
  /** To be typed before what cannot be undone. */
  typed?: string;
  isDangerous?: boolean;
  /** The keys of what is asked for again afterwards. */
  refreshes?: readonly QueryKey[];
  /** Says what has become of it. */
  carryOut: () => Promise<string>;
}

/**
 * What a deed asks for by an action, as it is done here and as a program would do it.
 * @param told says what has become of it; throws where it was in vain
 */
export function asking<Action extends ActionName>(
  endpoint: Endpoint,
  action: Action,
  data: ActionInput<Action>,
  told: (answer: ActionResponse<Action>) => string,
): Pick<Deed, 'http' | 'carryOut'> {
  return {
    http: { endpoint, body: { action, data } },
    carryOut: async () => told(await act(endpoint, action, data)),
  };
}

/**
 * Asks before something is done, and shows how the same is done without the console. A list may have one in each row: nothing is
 * there before it is wanted, and it is there before it opens, so that it knows what to give the focus back to.
 */
export function Confirmed({ deed, onClose, children }: { deed: Deed | null; onClose: () => void; children?: ReactNode }) {
  const isWanted = deed !== null;
  const [isThere, settle] = useState(false);
  useEffect(() => {
    if (isWanted) settle(true);
  }, [isWanted]);
  if (!isWanted && !isThere) return null;
  return (
    <Modal opened={isWanted && isThere} onClose={onClose} title={deed?.title ?? ''} size="lg">
      {deed && <Question key={deed.title} deed={deed} onClose={onClose} fields={children} />}
    </Modal>
  );
}

function Question({ deed, onClose, fields }: { deed: Deed; onClose: () => void; fields: ReactNode }) {
  const say = useTexts();
  const queries = useQueryClient();
  const [typed, type] = useState('');
  const doing = useMutation({
    mutationFn: deed.carryOut,
    onSuccess: (told) => {
      notify(told);
      onClose();
    },
    // Also where it has failed: what is shown may be why, and a part of it may be done.
    onSettled: () => deed.refreshes?.forEach((queryKey) => void queries.invalidateQueries({ queryKey })),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        doing.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{deed.about}</Text>
        {fields}
        {deed.command && <Copyable label="CLI" text={deed.command} />}
        {deed.http && <Copyable label="HTTP" text={httpOf(deed.http)} />}
        {deed.typed && (
          <TextInput
            label={say('confirm.type', { word: deed.typed })}
            value={typed}
            onChange={(event) => type(event.currentTarget.value)}
            data-autofocus
            autoComplete="off"
          />
        )}
        {doing.error && (
          <Alert color="red" role="alert">
            {describeFault(doing.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say('confirm.no')}
          </Button>
          <Button
            type="submit"
            color={deed.isDangerous ? 'red' : undefined}
            loading={doing.isPending}
            disabled={deed.typed !== undefined && typed !== deed.typed}
            data-autofocus={deed.typed ? undefined : true}
          >
            {deed.title}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
