import type { DrainSettings } from './drain-tree.js';

export interface TemplateSettings {
  /** Characters of a message that are looked at. */
  lengthMax: number;
  /** Tokens of a message that are looked at. */
  tokensMax: number;
  /** Forms of messages that are remembered; the one that was not met for longest is forgotten first. */
  formsMax: number;
  /** Different words in one place, all else being equal, that make it a value. */
  variety: number;
  /** The same for the first word, which names what speaks or what happened. */
  firstVariety: number;
  /** Forms of a family from which on its differences are values, in however many places they are. */
  familyMax: number;
  /** What a family is. */
  family: DrainSettings;
}

/** The one configuration of the product. */
export const shippedSettings: TemplateSettings = {
  lengthMax: 10_000,
  tokensMax: 128,
  formsMax: 10_000,
  variety: 5,
  firstVariety: 30,
  familyMax: 16,
  family: { similarity: 0.7, depth: 4, childrenMax: 100, leafMax: 200, clustersMax: 5_000 },
};
