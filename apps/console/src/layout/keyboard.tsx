import { Kbd, Modal, Table } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../texts/language.js';
import { Palette } from './palette.js';
import { usePages } from './pages.js';

/** How long after `g` its second key counts. */
const secondKeyMs = 1_500;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** What the keyboard does on every page. */
export function Keyboard() {
  const navigate = useNavigate();
  const pages = usePages();
  const [shown, show] = useState<'keys' | 'palette' | null>(null);
  const first = useRef(0);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
        event.preventDefault();
        show('palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = pages.find(({ key }) => key === event.key);
      if (page && event.timeStamp - first.current < secondKeyMs) {
        first.current = 0;
        void navigate({ to: page.to });
      } else if (event.key === 'g') first.current = event.timeStamp;
      else if (event.key === '?') show('keys');
      else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[type="search"]');
        if (!search) return;
        event.preventDefault();
        search.focus();
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [navigate, pages]);
  return (
    <>
      <Palette isShown={shown === 'palette'} onClose={() => show(null)} />
      <Keys isShown={shown === 'keys'} onClose={() => show(null)} />
    </>
  );
}

function Keys({ isShown, onClose }: { isShown: boolean; onClose: () => void }) {
  const say = useTexts();
  const pages = usePages();
  const rows: [string[], string][] = [
    [['?'], say('keys.help')],
    [['Ctrl', 'K'], say('keys.palette')],
    [['/'], say('keys.search')],
    [['Esc'], say('keys.close')],
    ...pages.map(({ key, text }): [string[], string] => [['g', key], say('keys.goTo', { page: say(text) })]),
  ];
  return (
    <Modal opened={isShown} onClose={onClose} title={say('keys.title')}>
      <Table>
        <Table.Tbody>
          {rows.map(([keys, what]) => (
            <Table.Tr key={keys.join()}>
              <Table.Td>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
