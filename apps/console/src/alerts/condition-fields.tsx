import { Accordion, Checkbox, NumberInput, Select, SimpleGrid, Stack, TagsInput, TextInput } from '@mantine/core';
import { alertSignalNames, alertSignals } from '@kintsugi/contracts';
import { useTexts } from '../texts/language.js';
import { fieldsOf, type ConditionForm, type Figure } from './domain/condition-form.js';

interface FieldsProps {
  form: ConditionForm;
  isNew: boolean;
  change: (part: Partial<ConditionForm>) => void;
}

/** The fields of a condition; those that say nothing about its signal are left out. */
export function ConditionFields({ form, isNew, change }: FieldsProps) {
  const say = useTexts();
  const signals = alertSignalNames.map((value) => ({ value, label: `${value} · ${say(`signal.${value}`)}` }));
  return (
    <Stack gap="xs">
      {isNew && (
        <>
          <TextInput
            label={say('conditions.condition')}
            value={form.name}
            required
            maxLength={64}
            autoComplete="off"
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <Select
            label={say('conditions.signal')}
            data={signals}
            value={form.signal}
            allowDeselect={false}
            searchable
            onChange={(signal) => signal && change({ signal })}
          />
        </>
      )}
      <Main form={form} isNew={isNew} change={change} />
      <Accordion variant="contained" chevronPosition="left">
        <Accordion.Item value="more">
          <Accordion.Control>{say('conditions.more')}</Accordion.Control>
          <Accordion.Panel>
            <More form={form} isNew={isNew} change={change} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      {!isNew && (
        <Checkbox
          label={say('conditions.enabled')}
          checked={form.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}

function Main({ form, change }: FieldsProps) {
  const say = useTexts();
  const { fires, unit } = alertSignals[form.signal];
  const sides = (['above', 'below'] as const).map((value) => ({ value, label: say(`fires.${value}`) }));
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
      <Select
        label={say('conditions.fires')}
        data={sides}
        value={form.fires || fires}
        allowDeselect={false}
        onChange={(side) => change({ fires: side ?? '' })}
      />
      <NumberField
        label={`${say('conditions.threshold')} (${unit})`}
        value={form.threshold}
        required
        onChange={(threshold) => change({ threshold })}
      />
      <NumberField
        label={say('conditions.forSeconds')}
        value={form.forSeconds}
        onChange={(forSeconds) => change({ forSeconds })}
      />
      <Select
        label={say('conditions.severity')}
        data={['page', 'ticket', 'info']}
        value={form.severity || 'ticket'}
        allowDeselect={false}
        onChange={(severity) => change({ severity: severity ?? '' })}
      />
    </SimpleGrid>
  );
}

function More({ form, change }: FieldsProps) {
  const say = useTexts();
  const asks = fieldsOf(form.signal);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
      <NumberField label={say('conditions.clearAt')} value={form.clearAt} onChange={(clearAt) => change({ clearAt })} />
      <NumberField
        label={say('conditions.clearFor')}
        value={form.clearForSeconds}
        onChange={(clearForSeconds) => change({ clearForSeconds })}
      />
      {asks.windowed && (
        <NumberField
          label={say('conditions.window')}
          value={form.windowSeconds}
          onChange={(windowSeconds) => change({ windowSeconds })}
        />
      )}
      {asks.atLeast && (
        <NumberField label={say('conditions.atLeast')} value={form.atLeast} onChange={(atLeast) => change({ atLeast })} />
      )}
      {asks.objective && (
        <NumberField label={say('conditions.objective')} value={form.objective} onChange={(objective) => change({ objective })} />
      )}
      {asks.type && (
        <TextInput
          label={say('conditions.type')}
          value={form.type}
          onChange={(event) => change({ type: event.currentTarget.value })}
        />
      )}
      <TextInput
        label={say('conditions.summary')}
        value={form.summary}
        maxLength={300}
        onChange={(event) => change({ summary: event.currentTarget.value })}
      />
      <TextInput
        label={say('conditions.runbook')}
        value={form.runbook}
        type="url"
        onChange={(event) => change({ runbook: event.currentTarget.value })}
      />
      <TagsInput label={say('conditions.notify')} value={form.notify} onChange={(notify) => change({ notify })} />
      <TagsInput
        label={say('conditions.inhibitedBy')}
        value={form.inhibitedBy}
        onChange={(inhibitedBy) => change({ inhibitedBy })}
      />
    </SimpleGrid>
  );
}

interface NumberFieldProps {
  label: string;
  value: Figure;
  required?: boolean;
  onChange: (value: Figure) => void;
}

function NumberField({ label, value, required = false, onChange }: NumberFieldProps) {
  return (
    <NumberInput
      label={label}
      value={value}
      min={0}
      required={required}
      hideControls
      onChange={(given) => onChange(typeof given === 'number' ? given : '')}
    />
  );
}
