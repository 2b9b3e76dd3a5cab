import { type Locale, localeOf } from '../language.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the terminal takes from the environment: its language, the folder in which the command was typed, and how it is called. Apart from
 * the schema of the bot's settings, since loading zod takes longer than the rest of the command's start.
 */
export const readTerminal = (
  source: Environment = process.env,
): {
  locale: Locale;
  typedIn: string;
  colour: boolean;
  redraws: boolean;
  calledAs: { run: string; start: string; demo: string };
} => {
  const tag = source.LC_ALL || source.LC_MESSAGES || source.LANG || '';
  const isDumb = source.TERM === 'dumb';
  // The scripts of a checkout; the package's command may itself be called by scripts of others.
  const isScript = ['connect-email', 'start'].includes(source.npm_lifecycle_event ?? '');
  return {
    locale: localeOf(tag) ?? 'en',
    // npm runs scripts in the project's folder and keeps the caller's in INIT_CWD.
    typedIn: (isScript ? source.INIT_CWD : undefined) ?? process.cwd(),
    colour: !source.NO_COLOR && !isDumb,
    redraws: !isDumb,
    calledAs: isScript
      ? { run: 'npm run -s connect-email --', start: 'npm start', demo: 'npm start -- --demo' }
      : { run: 'connect-email', start: 'connect-email start', demo: 'connect-email start --demo' },
  };
};

/** The doctor's option for having a platform look at everything that is sent there; named here, where platforms are. */
export const blocksOption = 'slack-blocks';
