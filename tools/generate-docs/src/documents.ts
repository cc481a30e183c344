import { monitoringFiles } from '@kintsugi/monitoring-mixin';
import { asyncApiText } from './asyncapi.js';
import { exampleEnvironment } from './example-environment.js';
import { helpTexts } from './help-texts.js';
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
import { settingsReference, settingsReferencePath } from './settings-reference.js';

export const folder = 'docs/generated';

/** The whole reference, by path. The same sources always give the same text. */
export async function renderDocuments(): Promise<Map<string, string>> {
  const settings = await settingsGroups();
  const helps = await helpTexts();
  return new Map([
    ...helps,
    [`${folder}/asyncapi.json`, asyncApiText()],
    [`${folder}/cli.md`, pageText(cliPage(helps))],
    [`${folder}/commands.md`, pageText(commandsPage())],
    [`${folder}/events.md`, pageText(eventsPage())],
    [`${folder}/lifecycles.md`, pageText(lifecyclesPage(await lifecycles()))],
    [`${folder}/limits.md`, pageText(limitsPage())],
    [`${folder}/metrics.md`, pageText(metricsPage())],
    [`${folder}/openapi.json`, await openApiText()],
    [`${folder}/problems.md`, pageText(problemsPage())],
    [`${folder}/settings.md`, pageText(settingsPage(settings))],
    [settingsReferencePath, settingsReference(settings)],
    ['.env.example', exampleEnvironment(settings)],
    ...monitoringFiles(),
  ]);
}
