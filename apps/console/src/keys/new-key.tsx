import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import type { MadeApiKey } from '@kintsugi/contracts';
import { Copyable } from '../display/copyable.js';
import { useTexts } from '../texts/language.js';

/** A key that was made, told this once; only its button closes it, so that no slip of the hand loses the key. */
export function NewKey({ made, onClose }: { made: MadeApiKey | null; onClose: () => void }) {
  const say = useTexts();
  return (
    <Modal
      opened={made !== null}
      onClose={onClose}
      title={say('key.made', { id: made?.id ?? '' })}
      size="lg"
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      {made && (
        <Stack gap="sm">
          <Alert color="orange">{say('key.once')}</Alert>
          <Copyable text={made.key} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{say('key.kept')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
