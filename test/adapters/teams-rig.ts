import de from '../../locales/de/dialogs.json' with { type: 'json' };
import en from '../../locales/en/dialogs.json' with { type: 'json' };
import { openTeamsAdapter, type TeamsOptions } from '../../src/adapters/teams/index.ts';
import type { AdapterMemory, Incoming } from '../../src/chat/port.ts';
import { startWebServer } from '../../src/web/server.ts';
import { createMemory, openBuckets, seenIn } from './memory.ts';
import { play, type Script } from './script.ts';
import { type SimulatorOptions, startSimulator } from './teams-simulator/index.ts';

export type TeamsRigOptions = {
  memory?: AdapterMemory;
  settings?: Partial<TeamsOptions>;
  simulator?: Partial<SimulatorOptions>;
};

/** The adapter on a free loopback port with a scripted bot behind it, and Teams in front. */
export const openTeams = async ({ memory = createMemory(), settings, simulator }: TeamsRigOptions = {}) => {
  const received: Incoming[] = [];
  const news: string[] = [];
  const errors: unknown[] = [];
  const refused: string[] = [];
  const buckets = await openBuckets();
  let script: Script = {};
  let locale: string | null = null;
  const start = async () => {
    const adapter = await openTeamsAdapter({
      app: null,
      openIdMetadataUrl: null,
      itChannel: null,
      memory,
      seen: seenIn(memory),
      buckets,
      receive: async (incoming) => {
        received.push(incoming);
        await play(script, incoming, adapter);
        return { locale: locale ?? incoming.platformLocale ?? 'en' };
      },
      hearOfChannel: async ({ what }) => void news.push(what),
      texts: (locale) => ({ de, en })[locale],
      locales: { default: 'en', it: 'de' },
      onError: (error) => errors.push(error),
      onRefused: (door, reason) => refused.push(`${door}: ${reason}`),
      ...settings,
    });
    const health = async () => ({ ready: true, parts: {} });
    const web = await startWebServer({ host: '127.0.0.1', port: 0, routers: [adapter.router], health });
    return { adapter, web };
  };
  let running = await start();
  const teams = await startSimulator({ bot: () => running.web.url, ...simulator });
  const close = async (): Promise<void> => {
    await running.web.stop();
    await teams.stop();
    await buckets.close();
  };
  return {
    /** What the bot does from now on. */
    set script(next: Script) {
      script = next;
    },
    /** Of the conversation, from now on. */
    set locale(next: string) {
      locale = next;
    },
    get adapter() {
      return running.adapter;
    },
    get url() {
      return running.web.url;
    },
    teams,
    received,
    /** What it told of its IT channel. */
    news,
    errors,
    /** Who was not let in, and why. */
    refused,
    restart: async (): Promise<void> => {
      await running.web.stop();
      running = await start();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
};
export type TeamsRig = Awaited<ReturnType<typeof openTeams>>;
