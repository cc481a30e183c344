import { describe, expect, test } from '@jest/globals';
import type { Alert, AlertSilence } from './alert.js';
import { newCondition, type AlertCondition } from './alert-condition.js';
import { openMaxOfCondition, roundOf } from './alert-round.js';
import { ownedIdOf } from '../../webhooks/domain/owned.js';

const start = new Date('2026-01-01T00:00:00.000Z');
const at = (seconds: number): Date => new Date(start.getTime() + seconds * 1_000);
const ann = { key: 'k', name: 'ann', role: 'operator', tenant: null, door: 'http', address: null } as const;

function condition(name: string, given: Partial<AlertCondition> = {}): AlertCondition {
  const { signal = 'queue_age_s', threshold = 10, ...rest } = given;
  return { ...newCondition({ name, signal, threshold }, ann, start), ...rest };
}

/** A record and whoever is told: what a look decides is written to it, as the store does. */
class World {
  open: Alert[] = [];
  readonly told: string[] = [];
  silences: AlertSilence[] = [];
  private ids = 0;

  look(seconds: number, conditions: AlertCondition[], figures: Record<string, Record<string, number>>): void {
    for (const { before, after, notice } of this.decided(seconds, conditions, figures)) {
      if (before) this.open = this.open.filter(({ _id }) => _id !== before._id);
      if (after && after.state !== 'resolved') this.open.push({ ...after, rev: after.rev + 1 });
      if (notice) this.told.push(`${notice} ${after?.name} ${after?.subject}`);
    }
  }

  decided(
    seconds: number,
    conditions: AlertCondition[],
    figures: Record<string, Record<string, number>>,
  ): ReturnType<typeof roundOf> {
    const values = Object.entries(figures).map(
      ([name, bySubject]) => [ownedIdOf(ann, name), new Map(Object.entries(bySubject))] as const,
    );
    const newId = (): string => `alr_${(this.ids += 1)}`;
    const { open, silences } = this;
    return roundOf({ conditions, open, silences, figures: new Map(values), now: at(seconds), newId });
  }

  get standing(): string[] {
    return this.open
      .map(({ name, subject, state, hushed_by: hushed }) => `${name} ${subject} ${state} ${hushed ?? ''}`.trim())
      .sort();
  }
}

describe('what is told', () => {
  test('is one message when an alert fires and one when it is over, for each subject', () => {
    const world = new World();
    const late = [condition('late', { for_s: 10 })];
    for (const s of [0, 10, 20, 30]) world.look(s, late, { late: { a: 20, b: s > 10 ? 30 : 0 } });
    world.look(40, late, { late: { a: 1, b: 30 } });
    expect(world.told).toEqual(['alert.fired late a', 'alert.fired late b', 'alert.resolved late a']);
    expect(world.standing).toEqual(['late b firing']);
  });

  test('the same look again, over what it has written, changes nothing', () => {
    const world = new World();
    const late = [condition('late')];
    world.look(0, late, { late: { a: 20 } });
    expect(world.decided(0, late, { late: { a: 20 } })).toEqual([]);
  });

  test('goes to those who were told that it fires, also once the condition is gone or names others', () => {
    for (const later of [[], [condition('late', { notify: ['others'] })]]) {
      const world = new World();
      world.look(0, [condition('late', { notify: ['on-call'] })], { late: { a: 20 } });
      const [end] = world.decided(10, later, { late: { a: 1 } });
      expect(end).toMatchObject({ notice: 'alert.resolved', notify: ['on-call'] });
    }
  });

  test('nothing is decided of figures that cannot be had', () => {
    const world = new World();
    const late = [condition('late')];
    world.look(0, late, { late: { a: 20 } });
    world.look(10, late, {});
    expect(world.standing).toEqual(['late a firing']);
    expect(world.told).toHaveLength(1);
  });

  test('an alert of a condition that is gone, or disabled, is over', () => {
    const world = new World();
    const two = [condition('late'), condition('later', { enabled: true })];
    world.look(0, two, { late: { a: 20 }, later: { a: 20 } });
    world.look(10, [condition('later', { enabled: false })], {});
    expect(world.told.slice(2).sort()).toEqual(['alert.resolved late a', 'alert.resolved later a']);
    expect(world.standing).toEqual([]);
  });
});

describe('what is kept quiet', () => {
  const silence = (given: Partial<AlertSilence>): AlertSilence => ({
    ...{
      _id: 'sil_1',
      tenant: null,
      condition: null,
      subject: null,
      reason: 'r',
      user_id: 'ann',
      created_at: start,
      until: at(15),
    },
    ...given,
  });

  test('by a silence is told when that ends, if it fires still', () => {
    const world = new World();
    const late = [condition('late')];
    world.silences = [silence({ condition: 'late', subject: 'a' })];
    world.look(0, late, { late: { a: 20, b: 20 } });
    expect(world.told).toEqual(['alert.fired late b']);
    expect(world.standing).toEqual(['late a firing silence sil_1', 'late b firing']);
    world.look(20, late, { late: { a: 20, b: 20 } });
    expect(world.told).toEqual(['alert.fired late b', 'alert.fired late a']);
  });

  test('and is over before that, is never told of', () => {
    const world = new World();
    world.silences = [silence({})];
    world.look(0, [condition('late')], { late: { a: 20 } });
    world.look(10, [condition('late')], { late: { a: 0 } });
    expect(world.told).toEqual([]);
  });

  test('is not what another tenant has silenced', () => {
    const world = new World();
    world.silences = [silence({ tenant: 'shop' })];
    world.look(0, [condition('late')], { late: { a: 20 } });
    expect(world.told).toHaveLength(1);
  });

  test('is a symptom, while its cause fires about the same or about all', () => {
    const world = new World();
    const all = [
      condition('late', { inhibited_by: ['no-workers', 'nobody'] }),
      condition('no-workers', { signal: 'queue_workers', fires: 'below', threshold: 1, clear_at: 1 }),
      condition('nobody', { signal: 'workers', fires: 'below', threshold: 1, clear_at: 1 }),
    ];
    world.look(0, all, { late: { a: 20, b: 20 }, 'no-workers': { a: 0, b: 1 }, nobody: { '': 1 } });
    expect(world.told.sort()).toEqual(['alert.fired late b', 'alert.fired no-workers a']);
    world.look(10, all, { late: { a: 20, c: 20 }, 'no-workers': { a: 1 }, nobody: { '': 0 } });
    expect(world.standing).toEqual(['late a firing alert nobody', 'late c firing alert nobody', 'nobody  firing']);
  });
});

test('of very many subjects those furthest from the threshold are told', () => {
  const world = new World();
  const figures = Object.fromEntries(Array.from({ length: 3 * openMaxOfCondition }, (_, at) => [`t${at}`, 11 + at]));
  for (const s of [0, 10]) world.look(s, [condition('late')], { late: figures });
  expect(world.open).toHaveLength(openMaxOfCondition);
  expect(world.told).toContain('alert.fired late t149');
  expect(world.told).not.toContain('alert.fired late t99');
});

test('a condition that makes no sense is refused with the place', () => {
  const make =
    (given: object, tenant: string | null = null) =>
    () =>
      newCondition({ name: 'a', signal: 'queue_age_s', threshold: 10, ...given }, { ...ann, tenant }, start);
  const refusal = (path: string) =>
    expect.objectContaining({ code: 'VALIDATION_FAILED', extras: { errors: [expect.objectContaining({ path })] } });
  expect(make({ clear_at: 11 })).toThrow(refusal('data.clear_at'));
  expect(make({ fires: 'below', clear_at: 9 })).toThrow(refusal('data.clear_at'));
  expect(make({ signal: 'workers', type: 'a' })).toThrow(refusal('data.type'));
  expect(make({ inhibited_by: ['a'] })).toThrow(refusal('data.inhibited_by'));
  expect(make({}, 'shop')).toThrow(refusal('data.signal'));
  expect(make({ signal: 'jobs_failed' }, 'shop')()).toMatchObject({ _id: 'shop/a', tenant: 'shop' });
});
