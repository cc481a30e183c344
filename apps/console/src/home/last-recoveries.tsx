import { Stack } from '@mantine/core';
import { Asked } from '../display/states-of-asking.js';
import { Panel } from '../display/panel.js';
import { RecoveryView } from '../failures/recovery-view.js';
import { useTexts } from '../texts/language.js';
import { useLastRecoveries } from './home-queries.js';

/** Recoveries that have begun or are over, the newest first; nothing where there was none. Those that wait stand by themselves. */
export function LastRecoveries() {
  const say = useTexts();
  const recoveries = useLastRecoveries();
  if (!recoveries.error && (recoveries.data ?? []).length === 0) return null;
  return (
    <Panel title={say('home.lastRecoveries')}>
      <Asked query={recoveries}>
        {(items) => (
          <Stack gap="md">
            {items.map((recovery) => (
              <RecoveryView key={recovery.id} recovery={recovery} showsTarget />
            ))}
          </Stack>
        )}
      </Asked>
    </Panel>
  );
}
