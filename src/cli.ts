import { UnreadableAuthorities } from './check.ts';
import { parseCommand, type UsageProblem } from './cli/arguments.ts';
import { check } from './cli/check.ts';
import { discover } from './cli/discover.ts';
import { readTerminal } from './config/terminal.ts';
import { translator } from './wording/catalogue.ts';
import { errorsInWords } from './wording/forms.ts';

const environment = readTerminal();
const { command, locale: chosen } = parseCommand(process.argv.slice(2));
const locale = chosen ?? environment.locale;
const t = translator(locale);

const usageInWords = (problem: UsageProblem): string => {
  if (problem.code !== 'field') return t(`terminal:usage.${problem.code}`, problem);
  const [sentence = ''] = Object.values(errorsInWords(problem.errors, locale));
  return problem.option === null
    ? sentence
    : t('terminal:usage.field', { option: problem.option, problem: sentence });
};

const complain = (line: string, status: number): number => {
  process.stderr.write(`${line}\n`);
  return status;
};

const run = async (): Promise<number> => {
  switch (command.type) {
    case 'help':
      process.stdout.write(`${t('terminal:help')}\n`);
      return 0;
    case 'usage':
      return complain(usageInWords(command.problem), 2);
    case 'check':
    case 'discover':
      try {
        const terminal = { ...environment, locale, output: process.stdout };
        return command.type === 'check' ? await check(command, terminal) : await discover(command, terminal);
      } catch (error) {
        if (error instanceof UnreadableAuthorities)
          return complain(t('terminal:usage.ca-unreadable', { file: command.caFile }), 2);
        return complain(
          t('terminal:failed', { name: error instanceof Error ? error.name : typeof error }),
          3,
        );
      }
    default:
      return command satisfies never;
  }
};

// Probes that lost a race may still be waiting; nobody waits for them. Writing to a pipe or a terminal is synchronous.
process.exit(await run());
