import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** The gold of the seams. */
const gold: MantineColorsTuple = [
  ...(['#fdf6e3', '#f8e9c1', '#f2d793', '#ecc662', '#e6b73d'] as const),
  ...(['#dca92a', '#c0911c', '#936c10', '#6f500a', '#4e3806'] as const),
];

export const theme = createTheme({
  primaryColor: 'gold',
  primaryShade: 7,
  colors: { gold },
  autoContrast: true,
  defaultRadius: 'sm',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", "Hiragino Sans", "Noto Sans CJK JP", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
});

/** Texts keep a contrast of 4.5 to 1 in both themes. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#586069',
    '--mantine-color-anchor': '#7a5608',
    '--mantine-color-placeholder': '#667079',
    '--mantine-color-body': '#fbfaf8',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b0b7',
    '--mantine-color-anchor': '#ecc662',
    '--mantine-color-placeholder': '#99a1a9',
    '--mantine-color-body': '#15181b',
    '--mantine-color-dark-6': '#1f2327',
    '--mantine-color-dark-4': '#3a4046',
  },
});
