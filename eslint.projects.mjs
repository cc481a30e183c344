/** Which project may import which, by the tags in their package.json. */

const mayDependOn = (tag, ...tags) => ({
  sourceTag: `type:${tag}`,
  onlyDependOnLibsWithTags: tags.map((name) => `type:${name}`),
});

/** A project without a tag, and a tag without a line, may import nothing. */
const depConstraints = [
  { ...mayDependOn('contracts'), allowedExternalImports: ['zod', '@standard-schema/spec', '@jest/globals', 'fast-check'] },
  { ...mayDependOn('boundary'), allowedExternalImports: ['@jest/globals'] },
  { ...mayDependOn('statistics'), allowedExternalImports: ['@jest/globals', 'fast-check'] },
  { ...mayDependOn('message-templates'), allowedExternalImports: ['@jest/globals', 'fast-check'] },
  mayDependOn('tracing', 'contracts'),
  mayDependOn('observability', 'boundary', 'contracts', 'tracing'),
  // Its specs hold every query to the metrics that there are.
  mayDependOn('monitoring-mixin', 'observability'),
  mayDependOn('messaging', 'boundary', 'contracts', 'tracing'),
  mayDependOn('persistence', 'boundary', 'contracts', 'tracing'),
  mayDependOn('hosting', 'boundary', 'contracts', 'messaging', 'observability', 'persistence', 'tracing'),
  mayDependOn('servers', 'contracts'),
  mayDependOn('testing', 'contracts', 'messaging', 'persistence', 'servers'),
  mayDependOn('client', 'contracts'),
  mayDependOn('worker-sdk', 'boundary', 'contracts', 'messaging', 'tracing'),
  mayDependOn('nestjs', 'client', 'worker-sdk'),
  // Of the apps, the built-in worker is one that uses the SDK.
  mayDependOn(
    'app',
    'boundary',
    'statistics',
    'contracts',
    'message-templates',
    'messaging',
    'observability',
    'persistence',
    'hosting',
    'tracing',
    'worker-sdk',
  ),
  // What a user of the product may import, and no more: an example shows the public doors.
  mayDependOn('example', 'worker-sdk', 'client', 'nestjs', 'contracts'),
  mayDependOn(
    'tool',
    'tool',
    'example',
    'client',
    'worker-sdk',
    'boundary',
    'contracts',
    'message-templates',
    'messaging',
    'monitoring-mixin',
    'observability',
    'persistence',
    'hosting',
    'servers',
    'testing',
  ),
];

/** What reads the audit is loaded with the first question; all else of its library at once. */
export const boundaries = { depConstraints, checkDynamicDependenciesExceptions: ['@kintsugi/persistence*'] };
