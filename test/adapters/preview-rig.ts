import deTexts from '../../locales/de/preview.json' with { type: 'json' };
import enTexts from '../../locales/en/preview.json' with { type: 'json' };
import { createPreviewAdapter, type PageTexts } from '../../src/adapters/preview/index.ts';
import type { AdapterMemory, ChatAdapter, Incoming } from '../../src/chat/port.ts';
import { startWebServer, type WebServer } from '../../src/web/server.ts';
import { createMemory } from './memory.ts';
import { play, type Script } from './script.ts';

const texts: Record<'de' | 'en', PageTexts> = { de: deTexts, en: enTexts };

export type PreviewRig = {
  adapter: ChatAdapter;
  web: WebServer;
  received: Incoming[];
  errors: unknown[];
  /** Who was not let in, and why. */
  refused: string[];
  /** What the bot does from now on. */
  script: Script;
  memory: AdapterMemory;
  [Symbol.asyncDispose](): Promise<void>;
};

/** The preview on a free loopback port with a scripted bot behind it. */
export const openPreview = async (
  options: { memory?: AdapterMemory; script?: Script; port?: number } = {},
): Promise<PreviewRig> => {
  const { memory = createMemory(), script = {}, port = 0 } = options;
  const received: Incoming[] = [];
  const errors: unknown[] = [];
  const refused: string[] = [];
  const adapter = createPreviewAdapter({
    memory,
    receive: async (incoming) => {
      received.push(incoming);
      await play(rig.script, incoming, adapter);
      // The bot answers in the language that was chosen, else in the platform's.
      const [, chosen] = incoming.type === 'command' ? (/^language (\w+)$/u.exec(incoming.text) ?? []) : [];
      return { locale: chosen ?? incoming.platformLocale ?? 'en' };
    },
    pageTexts: (locale) => texts[locale],
    defaultLocale: 'en',
    onError: (error) => errors.push(error),
    onRefused: (door, reason) => refused.push(`${door}: ${reason}`),
  });
  const health = async () => ({ ready: true, parts: {} });
  const web = await startWebServer({ host: '127.0.0.1', port, routers: [adapter.router], health });
  const rig: PreviewRig = {
    adapter,
    web,
    received,
    errors,
    refused,
    script,
    memory,
    [Symbol.asyncDispose]: web.stop,
  };
  return rig;
};
