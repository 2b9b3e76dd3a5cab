/** The colours of the Teams client for its cards, after Fluent's light and dark theme; Microsoft's own renderer draws with them. */
const colour = (normal: string, subtle: string) => ({ default: normal, subtle });

type Shades = Record<'text' | 'subtle' | 'accent' | 'good' | 'warning' | 'attention', string>;
const box = (shades: Shades) => (background: string, border: string) => ({
  backgroundColor: background,
  borderColor: border,
  foregroundColors: {
    default: colour(shades.text, shades.subtle),
    accent: colour(shades.accent, shades.accent),
    good: colour(shades.good, shades.good),
    warning: colour(shades.warning, shades.warning),
    attention: colour(shades.attention, shades.attention),
  },
});

const common = {
  fontFamily: 'Segoe UI, Liberation Sans, Arial, sans-serif',
  fontSizes: { small: 12, default: 14, medium: 16, large: 20, extraLarge: 24 },
  spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 12 },
  actions: {
    maxActions: 6,
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
    buttonSpacing: 8,
    preExpandSingleShowCardAction: false,
  },
};

const light = box({
  text: '#242424',
  subtle: '#616161',
  accent: '#5B5FC7',
  good: '#0E700E',
  warning: '#835B00',
  attention: '#B10E1C',
});
const dark = box({
  text: '#FFFFFF',
  subtle: '#D6D6D6',
  accent: '#AEB2F5',
  good: '#9FD89F',
  warning: '#FDDC7C',
  attention: '#F1BBBC',
});

export const teamsLooks = {
  light: {
    ...common,
    containerStyles: {
      default: light('#FFFFFF', '#D1D1D1'),
      emphasis: light('#F5F5F5', '#D1D1D1'),
      good: light('#F1FAF1', '#9FD89F'),
      attention: light('#FDF3F4', '#EEACB2'),
      warning: light('#FFF9F5', '#FDCFB4'),
      accent: light('#F5F5F5', '#D1D1D1'),
    },
  },
  dark: {
    ...common,
    containerStyles: {
      default: dark('#292929', '#525252'),
      emphasis: dark('#1F1F1F', '#525252'),
      good: dark('#052505', '#107C10'),
      attention: dark('#3B0509', '#B10E1C'),
      warning: dark('#3E2723', '#835B00'),
      accent: dark('#1F1F1F', '#525252'),
    },
  },
};
