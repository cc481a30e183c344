import { Text } from '@mantine/core';
import { useTexts } from '../texts/language.js';
import { shownJson } from './domain/shortened.js';

/** Whatever a job carries, as text and nothing else. */
export function JsonValue({ value, label }: { value: unknown; label: string }) {
  const say = useTexts();
  const { text, hidden } = shownJson(value);
  return (
    <figure className="json">
      <figcaption>{label}</figcaption>
      <pre tabIndex={0}>{text === '' ? '–' : text}</pre>
      {hidden > 0 && (
        <Text size="xs" c="dimmed">
          {say('json.hidden', { count: hidden.toLocaleString() })}
        </Text>
      )}
    </figure>
  );
}
