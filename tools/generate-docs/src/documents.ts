import { lifecycles } from './lifecycle.js';
import { pageText } from './markdown.js';
import { openApiText } from './openapi.js';
import { cliPage } from './pages/cli-page.js';
import { commandsPage } from './pages/commands-page.js';
import { eventsPage } from './pages/events-page.js';
import { lifecyclesPage } from './pages/lifecycles-page.js';
import { limitsPage } from './pages/limits-page.js';
import { metricsPage } from './pages/metrics-page.js';
import { problemsPage } from './pages/problems-page.js';
import { settingsPage } from './pages/settings-page.js';
import { settingsGroups } from './settings.js';

/** The whole reference, by file name. The same sources always give the same text. */
export async function renderDocuments(): Promise<Map<string, string>> {
  return new Map([
    ['cli.md', pageText(cliPage())],
    ['commands.md', pageText(commandsPage())],
    ['events.md', pageText(eventsPage())],
    ['lifecycles.md', pageText(lifecyclesPage(await lifecycles()))],
    ['limits.md', pageText(limitsPage())],
    ['metrics.md', pageText(metricsPage())],
    ['openapi.json', await openApiText()],
    ['problems.md', pageText(problemsPage())],
    ['settings.md', pageText(settingsPage(await settingsGroups()))],
  ]);
}
