import { ActionIcon, CopyButton } from '@mantine/core';
import { useTexts } from '../texts/language.js';

/** A text to copy, such as a command. */
export function Copyable({ text, label }: { text: string; label?: string }) {
  const say = useTexts();
  return (
    <div className="copyable">
      {label && <span className="copyable-label">{label}</span>}
      <code tabIndex={0}>{text}</code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={copied ? say('copy.done') : say('copy.do')}>
            {copied ? '✓' : '⧉'}
          </ActionIcon>
        )}
      </CopyButton>
    </div>
  );
}
