import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const ink: MantineColorsTuple = [
  '#eef0fc',
  '#dde1f7',
  '#b9c1ee',
  '#939fe5',
  '#7282dd',
  '#5b6dd6',
  '#4c5fd2',
  '#3b4cca',
  '#3142ae',
  '#263590',
];

/** The greys of the dark scheme, text first. */
const slate: MantineColorsTuple = [
  '#d5dae2',
  '#b4bbc6',
  '#8f97a3',
  '#6b7280',
  '#3a3f49',
  '#2b2f37',
  '#20232a',
  '#16181d',
  '#131519',
  '#0e1014',
];

/** Colours, type and the defaults of the components: quiet surfaces, one accent. */
export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 7 },
  colors: { ink, dark: slate },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.0625rem' } } },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { withArrow: true, multiline: true, maw: 320, openDelay: 150 } },
    // The placeholder would be a focusable child that a menu must not have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    SegmentedControl: { styles: { label: { paddingInline: 10 } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    Modal: {
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 600 } },
    },
    Drawer: {
      defaultProps: { position: 'right', closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 600 } },
    },
  },
});

/** Secondary text and placeholders dark (or light) enough to read: at least 4.5:1 on every surface used here. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#1c2128',
    '--mantine-color-dimmed': '#59616b',
    '--mantine-color-placeholder': '#656d76',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-yellow-light': '#fff8e3',
    '--mantine-color-yellow-light-color': '#8a5a00',
    '--mantine-color-red-light': '#fdeeee',
    '--mantine-color-red-light-color': '#a61e1e',
    '--surface-page': '#fafafb',
    '--surface-card': '#ffffff',
    '--surface-sunken': '#f4f5f7',
    '--line': '#e4e6ea',
    '--changed': '#fff6db',
    '--changed-line': '#e0a100',
  },
  dark: {
    '--mantine-color-body': '#16181d',
    '--mantine-color-text': '#d5dae2',
    '--mantine-color-dimmed': '#a4abb6',
    '--mantine-color-placeholder': '#949ca8',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#a3aef0',
    '--mantine-color-yellow-light': '#29220f',
    '--mantine-color-yellow-light-color': '#f3cd6c',
    '--mantine-color-red-light': '#321618',
    '--mantine-color-red-light-color': '#ffa8a8',
    '--surface-page': '#111318',
    '--surface-card': '#16181d',
    '--surface-sunken': '#1d2026',
    '--line': '#2b2f37',
    '--changed': '#332b12',
    '--changed-line': '#c99a1e',
  },
});
