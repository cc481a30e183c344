import type { MetricFamily, ProcessFigures } from './metric-family.js';

/**
 * The metrics of all processes as one Prometheus text: each family once, each sample with the service and the instance that
 * it comes from. Where processes differ about a family's help or type, the first one's word counts.
 */
export function mergeMetrics(processes: readonly ProcessFigures[]): string {
  const families = new Map<string, { family: MetricFamily; samples: string[] }>();
  for (const { service, instance, families: own } of processes) {
    for (const family of own) {
      const merged = families.get(family.name) ?? { family, samples: [] };
      families.set(family.name, merged);
      if (family.type !== merged.family.type) continue;
      merged.samples.push(...samplesOf(family, { service, instance }));
    }
  }
  return [...families.values()].map(({ family, samples }) => textOf(family, samples)).join('\n');
}

function textOf({ name, help, type }: MetricFamily, samples: readonly string[]): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${samples.map((sample) => `${sample}\n`).join('')}`;
}

function samplesOf(family: MetricFamily, origin: { service: string; instance: string }): string[] {
  return family.values.flatMap(({ metricName, labels, value }) => {
    // JSON has no NaN: such a value arrives as null, and there is nothing to say then.
    if (value === null) return [];
    const pairs = Object.entries({ ...labels, ...origin }).map(([label, text]) => `${label}="${escapeLabel(String(text))}"`);
    return [`${metricName ?? family.name}{${pairs.join(',')}} ${value}`];
  });
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
