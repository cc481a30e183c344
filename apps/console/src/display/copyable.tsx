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
            <CopySign isDone={copied} />
          </ActionIcon>
        )}
      </CopyButton>
    </div>
  );
}

function CopySign({ isDone }: { isDone: boolean }) {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d={isDone ? 'M2 7.5 5.5 11 12 3.5' : 'M4.5 4.5h8v8h-8zM9.5 4.5v-3h-8v8h3'} />
    </svg>
  );
}
