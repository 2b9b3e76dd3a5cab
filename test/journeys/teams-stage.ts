/** The product with Teams in front: its own process, real mail servers behind, and the people of one company. */
import { expect } from 'vitest';
import { inputsOf, textsOf } from '../adapters/teams-simulator/cards.ts';
import {
  type Answer,
  type Posted,
  type SimulatedPerson,
  type Simulator,
  startSimulator,
} from '../adapters/teams-simulator/index.ts';
import { loopback, type Readiness, type Running, readinessOf, startWithin } from './product.ts';

export { variants } from './words.ts';

export type Company = {
  teams: Simulator;
  anna: SimulatedPerson;
  jonas: SimulatedPerson;
  /** Ends the product as `start` does it, and starts it again with the same data. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  readiness(): Promise<Readiness>;
  stop(): Promise<void>;
};

type Env = Readonly<Record<string, string>>;
type Options = { tag: string; repName?: string; start?: (env: Env) => Promise<Running> };

export const openCompany = async (
  env: Env,
  { tag, repName = 'Anna Beck', start = startWithin }: Options,
): Promise<Company> => {
  const startAgain = () => start({ ...loopback, TEAMS_ANONYMOUS: '1', ...env });
  let product = await startAgain();
  const teams = await startSimulator({ bot: () => product.url, twice: true });
  return {
    teams,
    // She is no member of the IT channel.
    anna: teams.person({
      id: '29:anna',
      name: repName,
      locale: tag,
      email: 'rep@example.test',
      role: null,
    }),
    jonas: teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: tag }),
    restart: async (meanwhile) => {
      await product.stop();
      await meanwhile?.();
      product = await startAgain();
    },
    readiness: () => readinessOf(product),
    stop: async () => {
      await teams.stop();
      await product.stop();
    },
  };
};

export const dialogIn = (answer: Answer): unknown => {
  if (answer.type !== 'dialog') throw new Error(`expected a dialog, got ${JSON.stringify(answer)}`);
  return answer.card;
};

/** What stands in each input. */
export const standing = (card: unknown): Record<string, string> =>
  Object.fromEntries(inputsOf(card).map(({ id, value }) => [id, value]));

/** The error at each input; it must also be readable below it. */
export const errorsAt = (card: unknown): Record<string, string> => {
  const errors = inputsOf(card).flatMap(({ id, error }) => (error === null ? [] : [[id, error] as const]));
  for (const [, error] of errors) expect(textsOf(card)).toContain(error);
  return Object.fromEntries(errors);
};

/** From nothing to the form for the servers. */
export const giveAddress = async (person: SimulatedPerson, welcome: string): Promise<unknown> => {
  await person.installs();
  const start = await person.reads(welcome);
  const form = dialogIn(await person.press(start, 'start'));
  return dialogIn(
    await person.submit(form, 'address', { address: 'rep@example.test', personalInbox: 'yes' }),
  );
};

/** From nothing to the report with this sentence. */
export const checkServers = async (
  person: SimulatedPerson,
  values: Readonly<Record<string, string>>,
  words: { welcome: string; verdict: string },
): Promise<Posted> => {
  const servers = await giveAddress(person, words.welcome);
  expect(await person.submit(servers, 'servers', values)).toEqual({ type: 'nothing' });
  return person.reads(words.verdict);
};
