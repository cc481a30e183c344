import { Alert, AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Asked } from '../display/states-of-asking.js';
import { Notices } from '../display/notices.js';
import { MadeKeys } from '../keys/made-key.js';
import { useSession, type Session } from '../session/session.js';
import { SignIn } from '../session/sign-in.js';
import { useTexts } from '../texts/language.js';
import mark from '../theme/kintsugi.svg';
import { HealthStatus } from './health-status.js';
import { Keyboard } from './keyboard.js';
import { usePages } from './pages.js';
import { Preferences } from './preferences.js';

/** What stands around every page. */
export function Frame() {
  const session = useSession();
  return (
    <MadeKeys>
      <Asked query={session}>{(value) => (value.signed_in ? <Shell session={value} /> : <SignIn />)}</Asked>
    </MadeKeys>
  );
}

function Shell({ session }: { session: Session }) {
  const say = useTexts();
  const pages = usePages();
  const [isOpen, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(close, [path, close]);
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 190, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} padding="md">
      <AppShell.Header>
        <a className="skip" href="#content">
          {say('layout.skip')}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="md">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={say('layout.menu')} />
            <Link to="/" className="brand">
              <img src={mark} alt="" />
              Kintsugi
            </Link>
          </Group>
          <HealthStatus />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="div">
        <AppShell.Section grow component="nav" aria-label={say('layout.pages')}>
          {pages.map(({ to, text }) => (
            <Link key={to} to={to} className="nav-link" activeOptions={{ exact: to === '/', includeSearch: false }}>
              {say(text)}
            </Link>
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <Preferences session={session} />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Banners session={session} />
        <Outlet />
      </AppShell.Main>
      <Keyboard />
      <Notices />
    </AppShell>
  );
}

function Banners({ session }: { session: Session }) {
  const say = useTexts();
  return (
    <>
      {session.auth === 'off' && (
        <Alert color="orange" mb="md" p="xs" title={say('banner.open')}>
          {say('banner.openText')}
        </Alert>
      )}
      {session.role === 'viewer' && (
        <Alert color="blue" mb="md" p="xs" title={say('banner.viewer')}>
          {say('banner.viewerText')}
        </Alert>
      )}
    </>
  );
}
