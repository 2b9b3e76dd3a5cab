import { type Locale, localeOf } from '../language.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the terminal takes from the environment: its language, and the folder in which the command was typed. Apart from
 * the schema of the bot's settings, since loading zod takes longer than the rest of the command's start.
 */
export const readTerminal = (
  source: Environment = process.env,
): { locale: Locale; typedIn: string; colour: boolean; redraws: boolean } => {
  const tag = source.LC_ALL || source.LC_MESSAGES || source.LANG || '';
  const isDumb = source.TERM === 'dumb';
  return {
    locale: localeOf(tag) ?? 'en',
    // npm runs scripts in the project's folder and keeps the caller's in INIT_CWD.
    typedIn: source.INIT_CWD ?? process.cwd(),
    colour: !source.NO_COLOR && !isDumb,
    redraws: !isDumb,
  };
};

/** The doctor's option for having a platform look at everything that is sent there; named here, where platforms are. */
export const blocksOption = 'slack-blocks';
