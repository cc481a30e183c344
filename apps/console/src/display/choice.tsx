import { Select } from '@mantine/core';
import { useTexts } from '../texts/language.js';

interface ChoiceProps {
  label: string;
  value: string | undefined;
  values: readonly (string | { value: string; label: string })[];
  width?: number;
  onChange: (value: string | undefined) => void;
}

/** One of some values to filter by, or any. */
export function Choice({ label, value, values, width = 120, onChange }: ChoiceProps) {
  const say = useTexts();
  return (
    <Select
      size="xs"
      w={width}
      label={label}
      placeholder={say('audit.any')}
      data={[...values]}
      value={value ?? null}
      clearable
      clearButtonProps={{ 'aria-label': say('audit.clear', { field: label }) }}
      onChange={(chosen) => onChange(chosen ?? undefined)}
    />
  );
}
