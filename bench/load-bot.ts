/**
 * One process of the bot under load, for `bench/load.ts`. Arguments: address of the database, number of reps. Each rep
 * goes from the command to an open case; then IT claims some. Prints one line of JSON.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createBot } from '../src/bot/index.ts';
import type { ChatAdapter, Incoming, MessageRef, Person } from '../src/chat/port.ts';
import type { ButtonAction, Form, FormName, Message } from '../src/chat/view.ts';
import { createWording } from '../src/wording/index.ts';
import { blocked, omar, rules, servers, transcripts } from '../test/conversation/fixtures.ts';
import { openAt } from '../test/store/open-at.ts';

const [address = '', count = '1000'] = process.argv.slice(2);
const reps = Number(count);
/** One rep begins after the other, seven a second; between two steps each thinks for up to `thinkMs`. None is ever done. */
const arrivalsMs = reps * 140;
const thinkMs = 2000;
/** What a check and a call of the platform take. */
const checkMs = 1000;
const callMs = 15;

const offers = new Map<string, (message: Message) => void>();
const roots: Message[] = [];
let posts = 0;
const adapter: ChatAdapter = {
  platform: 'recording',
  capabilities: { itChannel: true, formUpdates: false },
  post: async (place, message): Promise<MessageRef> => {
    await pause(callMs);
    posts += 1;
    if (place.type === 'it-channel') roots.push(message);
    if (place.type === 'person' && message.buttons.some(({ action }) => action === 'escalate'))
      offers.get(place.person.id)?.(message);
    return { platform: 'recording', id: `m${posts}` };
  },
  update: async () => {
    await pause(callMs);
  },
};

const store = await openAt(address);
const bot = createBot({
  store,
  adapters: [adapter],
  wording: createWording({ itLocale: 'de', now: Date.now, itChannel: true }),
  discover: null,
  diagnose: async (_account, { signal }) => {
    await pause(checkMs, undefined, { signal });
    return { assessment: blocked, transcripts, durationMs: checkMs };
  },
  clock: { now: Date.now },
  newId: () => crypto.randomUUID(),
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  settings: {
    defaultLocale: 'de',
    itLocale: 'de',
    allowedPorts: rules.allowedPorts,
    watchIntervalMs: 900_000,
  },
});

const steps: number[] = [];
type Said = Plain<Incoming>;
type Plain<T> = T extends unknown ? Omit<T, keyof typeof base | 'person' | 'openForm' | 'respond'> : never;
const base = { platformLocale: null, profileAddress: null, later: null };
const say = async (person: Person, said: Said): Promise<Form | null> => {
  let form: Form | null = null;
  const openForm = async (opened: Form) => {
    form = opened;
    return null;
  };
  const respond = (answer: { type: string; form?: Form }) => {
    form = answer.form ?? null;
    return null;
  };
  const started = performance.now();
  const incoming: unknown = { ...base, person, ...said, openForm, respond };
  await bot.receive(incoming as Incoming);
  steps.push(performance.now() - started);
  return form;
};
const think = () => pause(Math.random() * thinkMs);
const press = (by: Person, message: Message, action: ButtonAction) =>
  say(by, {
    type: 'button',
    action,
    value: message.buttons.find((button) => button.action === action)?.value ?? '',
    inItChannel: by.id.startsWith('IT'),
  });

let inFlight = 0;
let most = 0;
const rep = async (n: number): Promise<void> => {
  await pause((n / reps) * arrivalsMs);
  inFlight += 1;
  most = Math.max(most, inFlight);
  const person = { platform: 'recording', id: `U${n}`, name: `Anna ${n}` };
  const { promise: report, resolve } = Promise.withResolvers<Message>();
  offers.set(person.id, resolve);
  const submit = (form: FormName, context: string, values: Record<string, string | null>) =>
    say(person, { type: 'form', form, context, values, inItChannel: false });
  const first = await say(person, { type: 'command', text: '' });
  await think();
  const second = await submit('address', first?.context ?? '', { address: 'anna@firma.example' });
  await think();
  // Servers of her own: people with one cause would share a thread, and one host is not looked at without end.
  const own = { ...servers, imapHost: `imap.u${n}.example`, smtpHost: `smtp.u${n}.example` };
  await submit('servers', second?.context ?? '', own as Record<string, string>);
  const message = await report;
  await think();
  const comment = await press(person, message, 'escalate');
  await submit('escalate', comment?.context ?? '', { comment: 'Bitte bis Freitag' });
};

let peak = 0;
const memory = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 50);

/** Nothing is left to do now; looks at open cases are planned for later. */
const idle = async (): Promise<void> => {
  for (;;) {
    const now = Date.now();
    const due = await store.nextDue(now);
    if (due === null || due > now + 60_000) return;
    await pause(50);
  }
};

bot.start();
const started = Date.now();
await Promise.all(Array.from({ length: reps }, (_, n) => rep(n)));
await idle();
// IT comes to work: twenty members who each claim a case a second.
const claim = async (root: Message, n: number): Promise<void> => {
  await pause(Math.floor(n / 20) * 1000 + Math.random() * 1000);
  await press({ ...omar, id: `IT${n % 20}` }, root, 'claim');
};
await Promise.all(roots.slice(0, 200).map(claim));
await idle();
clearInterval(memory);
const sorted = steps.toSorted((a, b) => a - b);
const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const result = {
  inFlight: most,
  steps: steps.length,
  p50: at(0.5),
  p99: at(0.99),
  max: at(1),
  peakMb: peak / 2 ** 20,
  posts,
  seconds: (Date.now() - started) / 1000,
  cases: roots.length,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
await bot.stop();
await store.close();
