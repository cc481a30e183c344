import '@mantine/core/styles.css';
import './theme/console.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { shareUnchanged } from './api/domain/share-unchanged.js';
import { RequestProblem } from './api/problem.js';
import { whenSignedOut } from './api/request.js';
import { router } from './routes.js';
import { sessionKey } from './session/session.js';
import { LanguageProvider } from './texts/language.js';
import { theme, variables } from './theme/theme.js';

const retriesMax = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < retriesMax && error instanceof RequestProblem && error.isPassing,
      refetchOnWindowFocus: true,
      staleTime: 1_000,
      structuralSharing: shareUnchanged,
    },
  },
});

whenSignedOut(() => void queries.invalidateQueries({ queryKey: sessionKey }));

/** Styles that are made while the page is shown need it: the page allows no others. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="kintsugi-nonce"]')?.content ?? '';
// One of Mantine's own libraries, which keeps a page from scrolling behind a dialog, looks for it here.
Object.assign(globalThis, { __webpack_nonce__: nonce });

createRoot(document.getElementById('root') as HTMLElement).render(
  <QueryClientProvider client={queries}>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <LanguageProvider>
        <RouterProvider router={router} />
      </LanguageProvider>
    </MantineProvider>
  </QueryClientProvider>,
);
