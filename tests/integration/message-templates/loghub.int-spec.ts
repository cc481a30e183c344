import { describe, expect, test } from '@jest/globals';
import { MessageTemplates, currentOf } from '@kintsugi/message-templates';
import { DrainTree, type DrainCluster } from '../../../libs/shared/message-templates/src/drain-tree.js';
import { shippedSettings } from '../../../libs/shared/message-templates/src/template-settings.js';
import { wildcard } from '../../../libs/shared/message-templates/src/wildcard.js';
import { accuracyOf, type Accuracy } from './grouping-accuracy.js';
import { hasLoghub, labelledLines, publishedSettings } from './loghub.js';

// eslint-disable-next-line no-restricted-syntax -- the lines are no part of the product and may lie elsewhere
const testOnLoghub = hasLoghub ? test : test.skip;
const inWords = hasLoghub ? '' : ' (skipped: ../shared/data/loghub-2k is not here)';

describe('Drain', () => {
  testOnLoghub(`has the published grouping accuracy with the published settings${inWords}`, () => {
    const published = Object.entries(publishedSettings());
    const measured = published.map(([system, { masks, st, depth }]) => {
      const lines = labelledLines(system);
      const tree = new DrainTree<DrainCluster>({
        similarity: st,
        depth,
        childrenMax: 100,
        leafMax: Infinity,
        clustersMax: Infinity,
      });
      const patterns = masks.map((mask) => new RegExp(mask, 'g'));
      const found = lines.map(({ content }) => {
        const masked = patterns.reduce((text, pattern) => text.replace(pattern, wildcard), content);
        return tree.add(masked.trim().split(/\s+/), (tokens) => ({ tokens }));
      });
      return [
        system,
        accuracyOf(
          found,
          lines.map(({ event }) => event),
        ).ga.toFixed(4),
      ];
    });
    expect(measured).toEqual(published.map(([system, { GA }]) => [system, GA.toFixed(4)]));
  });
});

describe('the shipped configuration', () => {
  const accuracyOn = (system: string, variety: number): Accuracy => {
    const lines = labelledLines(system);
    const templates = new MessageTemplates({ ...shippedSettings, variety });
    const found = lines.map(({ content }) => templates.templateOf(content));
    return accuracyOf(
      found.map((template) => currentOf(template)),
      lines.map(({ event }) => event),
    );
  };

  testOnLoghub(`groups systems well, whatever it would have been chosen on without each${inWords}`, () => {
    const systems = Object.keys(publishedSettings());
    const varieties = [3, shippedSettings.variety, 6];
    const measured = systems.map((system) => varieties.map((variety) => accuracyOn(system, variety)));
    const leftOut = measured.map((ofSystem, at) => {
      const sumOf = (choice: number): number =>
        measured.reduce(
          (sum, other, index) => sum + (index === at ? 0 : (other[choice]?.ga ?? 0) + (other[choice]?.fga ?? 0)),
          0,
        );
      const choice = [...varieties.keys()].reduce((best, other) => (sumOf(other) > sumOf(best) ? other : best));
      return ofSystem[choice] ?? { ga: 0, fga: 0 };
    });
    expect(mean(leftOut.map(({ ga }) => ga))).toBeGreaterThanOrEqual(0.8);
    expect(mean(leftOut.map(({ fga }) => fga))).toBeGreaterThanOrEqual(0.8);
    // What ships is what is measured, and no system is lost to it.
    for (const [, shipped] of measured) expect(Math.min(shipped?.ga ?? 0, shipped?.fga ?? 0)).toBeGreaterThan(0.9);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
