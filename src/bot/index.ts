import type { ChatAdapter, Person } from '../chat/port.ts';
import type { Stamp } from '../conversation/events/event.ts';
import type { Locale } from '../conversation/state/conversation.ts';
import type { PortRange } from '../diagnosis/account/parse.ts';
import type { Store } from '../store/ports.ts';
import type { Wording } from '../wording/wording.ts';
import { createAdapters } from './adapters.ts';
import { createHealth, type Health } from './health.ts';
import { createHousekeeping } from './housekeeping.ts';
import { instrumentAdapter, instrumentDiagnose, instrumentReceive } from './instrument.ts';
import { createAttendant } from './it-channel/attendant.ts';
import { createTestCases } from './it-channel/test-cases.ts';
import { createCheck } from './jobs/check.ts';
import { createRunners } from './jobs/runners.ts';
import { createLoginSide } from './login/index.ts';
import { createPages } from './pages/index.ts';
import {
  type AddressesOf,
  type Clock,
  type Diagnose,
  type Discover,
  type FindForeignServers,
  type Log,
  type Metrics,
  type WorkerLimits,
  workerLimits,
} from './ports.ts';
import { createReceive } from './receive.ts';
import { createDispatch, type Dispatch } from './turn/dispatch.ts';
import { createLimits } from './turn/limits.ts';
import { createLookups } from './turn/lookups.ts';
import { createRespond } from './turn/respond.ts';
import { createThreads } from './turn/threads.ts';
import { createToEvent } from './turn/to-event.ts';
import { createWorker } from './worker/worker.ts';

export { hasItChannel } from './adapters.ts';
export type { AddressesOf, Clock, Diagnose, Diagnosed, FindForeignServers, Log } from './ports.ts';

export type BotParts = {
  store: Store;
  adapters: readonly ChatAdapter[];
  wording: Wording;
  diagnose: Diagnose;
  /** Null: nobody looks for settings, and the rep types them. */
  discover: Discover | null;
  /** Absent: nobody can tell whose servers they are, and a warning says so. */
  findForeignServers?: FindForeignServers;
  /** Absent: logins are limited by the names of servers alone. */
  addressesOf?: AddressesOf;
  clock: Clock;
  newId(): string;
  log: Log;
  /** Absent: nobody counts. */
  metrics?: Metrics;
  settings: {
    defaultLocale: Locale;
    itLocale: Locale;
    /** Null: any port may be tested. */
    allowedPorts: readonly PortRange[] | null;
    /** Between two looks at what an open case is about, in milliseconds. */
    watchIntervalMs: number;
    /** Whoever a case waits for is reminded of it; unless said, nobody is. */
    reminders?: boolean;
    /** How long conversations are kept after their end; 90 unless said. */
    retentionDays?: number;
    /** Where the login page stands, such as `https://bot.example/login`; null: no password may be taken. */
    loginUrl?: (() => string) | null;
    /** No password is taken for a server that nothing connects with the address; else the page warns. */
    refusesForeignServers?: boolean;
    /** What a rep may agree to on the login page; null: no test mail is ever sent. `patienceMs`: how long it is waited for. */
    rehearsal?: { patienceMs: number } | null;
    worker?: Partial<WorkerLimits>;
  };
};

const uncounted: Metrics = {
  checked: () => {},
  checkFailed: () => {},
  rehearsed: () => {},
  answered: () => {},
  refused: () => {},
};

const loginRulesOf = ({ loginUrl, refusesForeignServers = false, rehearsal }: BotParts['settings']) => ({
  loginPage: Boolean(loginUrl),
  refusesForeignServers,
  rehearsal: Boolean(rehearsal),
});

/** What everything below takes its steps with. */
const createCore = (parts: BotParts) => {
  const { store, wording, clock, newId, log, settings, metrics = uncounted } = parts;
  const adapters = createAdapters(parts.adapters.map((adapter) => instrumentAdapter(adapter, metrics)));
  const { allowedPorts, watchIntervalMs, reminders = false } = settings;
  const loginRules = loginRulesOf(settings);
  /** A platform may learn its channel at any time, and it may be that of somebody else's company. */
  const rulesFor = async (person: Person) => ({
    ...loginRules,
    allowedPorts,
    watchIntervalMs,
    reminders,
    itChannel: (await adapters.itOf(person)) !== null,
  });
  const abuse = createLimits({ take: store.take, clock });
  const { defaultLocale, itLocale } = settings;
  const pages = createPages({ store, adapters, wording, abuse, clock, log, defaultLocale, itLocale });
  const step = createDispatch({ store, rulesFor, log, random: Math.random, take: abuse.take });
  const dispatch: Dispatch = async (find, event) => {
    const done = await step(find, event);
    if (done) pages.changed(done.conversation);
    return done;
  };
  const stamp = (): Stamp => ({ at: clock.now(), id: newId() });
  const threads = createThreads(store);
  const limits: WorkerLimits = { ...workerLimits, ...settings.worker };
  const ofStore = { store, dispatch, threads, pages };
  return { ...ofStore, adapters, wording, stamp, clock, log, abuse, metrics, loginRules, limits };
};
type Core = ReturnType<typeof createCore>;

/** The worker, with all that it runs. */
const createWork = (core: Core, parts: BotParts, health: Health) => {
  const { metrics, limits } = core;
  const checks = createCheck({
    ...core,
    diagnose: instrumentDiagnose(parts.diagnose, 'check', metrics),
    findForeignServers: parts.findForeignServers ?? null,
    progressMs: limits.progressMs,
  });
  const look = instrumentDiagnose(parts.diagnose, 'watch', metrics);
  const worker = createWorker({
    ...core,
    runners: createRunners({ ...core, health, checks, diagnose: look }),
    holder: parts.newId(),
    random: Math.random,
  });
  return { checks, worker };
};

/** How a form or click is answered within its own request. */
const createAnswers = ({ adapters, abuse, limits, ...core }: Core, { discover, settings }: BotParts) =>
  createRespond({
    ...core,
    lookups: createLookups({ discover, limits: abuse, log: core.log, longestMs: limits.longestLookupMs }),
    itLocale: settings.itLocale,
    formUpdates: (platform) => adapters.byPlatform(platform)?.capabilities.formUpdates ?? false,
    waitMs: limits.lookupMs,
  });

type ItChannelParts = { parts: BotParts; health: Health; nudge(): void };

/** What is done for a platform's IT channel as a whole, and not for one case. */
const createItChannelWork = (core: Core, { parts, health, nudge }: ItChannelParts) => ({
  attendant: createAttendant({ ...core, health, nudge }),
  testCases: createTestCases({ ...core, newId: parts.newId }),
});

/** What an operator has to look after, by name. */
const healthOf = async (
  adapters: readonly ChatAdapter[],
  health: Health,
): Promise<Readonly<Record<string, boolean>>> => {
  const withChannel = adapters.filter(({ capabilities }) => capabilities.itChannel);
  if (withChannel.length === 0) return {};
  return { 'it-channel': await health.itChannel(withChannel.map(({ platform }) => platform)) };
};

/** One turn of the conversation for everything that comes in, and a worker for everything that lasts longer. */
export const createBot = (parts: BotParts) => {
  const { settings } = parts;
  const core = createCore(parts);
  const { store, clock, log, metrics, limits } = core;
  const health = createHealth(store);
  const { checks, worker } = createWork(core, parts, health);
  const housekeeping = createHousekeeping({ store, clock, log, retentionDays: settings.retentionDays ?? 90 });
  const login = createLoginSide({
    ...core,
    links: store.links,
    rules: core.loginRules,
    addressesOf: parts.addressesOf ?? (async () => []),
    loginUrl: settings.loginUrl ?? null,
    rehearsal: settings.rehearsal ?? null,
    adapterOf: core.adapters.byPlatform,
    checks,
    nudge: worker.nudge,
  });
  const { attendant, testCases } = createItChannelWork(core, { parts, health, nudge: worker.nudge });
  const receive = createReceive({
    pages: core.pages,
    testCases,
    itLocale: settings.itLocale,
    toEvent: createToEvent({ ...core, defaultLocale: settings.defaultLocale }),
    dispatch: core.dispatch,
    respond: createAnswers(core, parts),
    offerLogin: login.offer,
    nudge: worker.nudge,
    profileMs: limits.profileMs,
  });

  return {
    /** Answers within the request, after one local commit. Rejects when nothing could be kept; then nothing was done. */
    receive: instrumentReceive(receive, metrics),
    login: login.ofPage,
    health: () => healthOf(parts.adapters, health),
    hearOfChannel: attendant.hear,
    /** Takes up what an earlier process left. */
    start: (): void => {
      worker.start();
      attendant.start();
      housekeeping.start();
    },
    stop: async (): Promise<void> => {
      housekeeping.stop();
      const rest = async (): Promise<void> => {
        await core.pages.stop();
        attendant.stop();
        await testCases.stop();
        await worker.stop();
      };
      // Side by side: a mailbox may have to be cleared up meanwhile.
      await Promise.all([login.stop(), rest()]);
    },
  };
};
