import type { ChatAdapter, Incoming, Person, Receive } from '../chat/port.ts';
import type { Stamp } from '../conversation/events/event.ts';
import type { Locale } from '../conversation/state/conversation.ts';
import type { PortRange } from '../diagnosis/account/parse.ts';
import type { Secret } from '../secret.ts';
import type { Store } from '../store/ports.ts';
import type { Wording } from '../wording/wording.ts';
import { createHealth } from './health.ts';
import { createHousekeeping } from './housekeeping.ts';
import { instrumentAdapter, instrumentDiagnose, instrumentReceive } from './instrument.ts';
import { createCheck } from './jobs/check.ts';
import { createErase } from './jobs/erase.ts';
import { createJoin } from './jobs/join.ts';
import { createHandOver, createRelay } from './jobs/relay.ts';
import { type Adapters, createShow } from './jobs/show.ts';
import { createWatch } from './jobs/watch.ts';
import { createWorker } from './jobs/worker.ts';
import { createLogin, type SubmittedPassword } from './login/login.ts';
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
import { awaitProfile } from './turn/await-profile.ts';
import { byId, createDispatch, type Done } from './turn/dispatch.ts';
import { createLimits } from './turn/limits.ts';
import { createLookups } from './turn/lookups.ts';
import { createRespond } from './turn/respond.ts';
import { createThreads } from './turn/threads.ts';
import { createToEvent } from './turn/to-event.ts';

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
    /** How long conversations are kept after their end; 90 unless said. */
    retentionDays?: number;
    /** Where the login page stands, such as `https://bot.example/login`; null: no password may be taken. */
    loginUrl?: (() => string) | null;
    /** No password is taken for a server that nothing connects with the address; else the page warns. */
    refusesForeignServers?: boolean;
    worker?: Partial<WorkerLimits>;
  };
};

/** Whether a case can be handed over at all. */
export const hasItChannel = (adapters: readonly ChatAdapter[]): boolean =>
  adapters.some(({ capabilities }) => capabilities.itChannel);

const registry = (adapters: readonly ChatAdapter[]): Adapters => {
  const byPlatform = (platform: string) => adapters.find((one) => one.platform === platform) ?? null;
  return {
    byPlatform,
    itOf: async (person) => {
      const own = byPlatform(person.platform);
      if (own?.capabilities.itChannel) return (await (own.takesCaseOf?.(person) ?? true)) ? own : null;
      return adapters.find(({ capabilities }) => capabilities.itChannel) ?? null;
    },
  };
};

const uncounted: Metrics = {
  checked: () => {},
  checkFailed: () => {},
  answered: () => {},
  refused: () => {},
};

/** One turn of the conversation for everything that comes in, and a worker for everything that lasts longer. */
export const createBot = (parts: BotParts) => {
  const { store, wording, clock, newId, log, settings, metrics = uncounted } = parts;
  const limits = { ...workerLimits, ...settings.worker };
  const adapters = registry(parts.adapters.map((adapter) => instrumentAdapter(adapter, metrics)));
  const { allowedPorts, watchIntervalMs } = settings;
  const loginRules = {
    loginPage: Boolean(settings.loginUrl),
    refusesForeignServers: settings.refusesForeignServers ?? false,
  };
  /** A platform may learn its channel at any time, and it may be that of somebody else's company. */
  const rulesFor = async (person: Person) => ({
    ...loginRules,
    allowedPorts,
    watchIntervalMs,
    itChannel: (await adapters.itOf(person)) !== null,
  });
  const abuse = createLimits({ take: store.take, clock });
  const dispatch = createDispatch({ store, rulesFor, log, random: Math.random, take: abuse.take });
  const health = createHealth(store);
  const threads = createThreads(store);
  const stamp = (): Stamp => ({ at: clock.now(), id: newId() });
  const shared = { store, adapters, wording, dispatch, stamp, log };
  const diagnose = instrumentDiagnose(parts.diagnose, 'check', metrics);
  const look = instrumentDiagnose(parts.diagnose, 'watch', metrics);
  const checks = createCheck({
    ...shared,
    diagnose,
    findForeignServers: parts.findForeignServers ?? null,
    clock,
    progressMs: limits.progressMs,
  });
  const delivery = { atOnce: limits.deliveries, tries: limits.tries };
  const worker = createWorker({
    store,
    runners: {
      show: { ...createShow({ ...shared, threads, health, join: createJoin(shared) }), ...delivery },
      relay: { ...createRelay({ ...shared, threads }), ...delivery },
      'hand-over': { ...createHandOver(shared), ...delivery },
      erase: { ...createErase({ ...shared, threads }), ...delivery },
      watch: { ...createWatch({ ...shared, diagnose: look }), atOnce: limits.watches, tries: limits.tries },
      diagnose: { ...checks, atOnce: limits.diagnoses, tries: limits.checkTries },
    },
    clock,
    log,
    limits,
    holder: newId(),
    random: Math.random,
  });
  const housekeeping = createHousekeeping({ store, clock, log, retentionDays: settings.retentionDays ?? 90 });
  const locate = createToEvent({ store, threads, stamp, log, defaultLocale: settings.defaultLocale });

  /** One at a time for each person, so that the first two words of somebody new do not begin two conversations. */
  const lines = new Map<string, Promise<unknown>>();
  const inLine = <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const turn = (lines.get(key) ?? Promise.resolve()).then(task, task);
    const settled = turn.then(
      () => undefined,
      () => undefined,
    );
    lines.set(key, settled);
    settled.then(() => lines.get(key) === settled && lines.delete(key));
    return turn;
  };

  const answers = createRespond({
    ...shared,
    lookups: createLookups({
      discover: parts.discover,
      limits: abuse,
      log,
      longestMs: limits.longestLookupMs,
    }),
    itLocale: settings.itLocale,
    formUpdates: (platform) => adapters.byPlatform(platform)?.capabilities.formUpdates ?? false,
    waitMs: limits.lookupMs,
  });
  const login = createLogin({
    ...shared,
    links: store.links,
    rules: loginRules,
    addressesOf: parts.addressesOf ?? (async () => []),
    loginUrl: settings.loginUrl ?? null,
    adapterOf: adapters.byPlatform,
    checks,
    clock,
    limits,
  });

  /** Sent after the commit, and not waited for: the click has its answer. */
  const offerLogin = (done: Done): void => {
    for (const effect of done.effects) if (effect.type === 'offer-login') void login.offer(done, effect);
  };

  const take = async (incoming: Incoming): Promise<Done | null> => {
    const located = await locate(incoming);
    return located && dispatch(located.find, located.event);
  };

  const receive: Receive = async (arrived) => {
    const { platform, id } = arrived.person;
    const { incoming, done } = await inLine(`${platform}:${id}`, async () => {
      const known = await awaitProfile(arrived, limits.profileMs);
      return { incoming: known, done: await take(known) };
    });
    if (done) offerLogin(done);
    if (incoming.type !== 'form') {
      if (done) await answers.click(done, incoming);
    } else if (done) await answers.form(done, incoming);
    else incoming.respond({ type: 'close' });
    worker.nudge();
    return done && { locale: done.conversation.locale };
  };

  return {
    /** Answers within the request, after one local commit. Rejects when nothing could be kept; then nothing was done. */
    receive: instrumentReceive(receive, metrics),
    /** What the login page asks of the bot. */
    login: {
      open: login.open,
      progress: login.progress,
      submit: async (token: string, session: string, secret: Secret): Promise<SubmittedPassword> => {
        const submitted = await login.submit(token, session, secret);
        worker.nudge();
        return submitted;
      },
      /** False: no link was sent; what is possible is in the chat. */
      renew: async (token: string, session: string): Promise<boolean> => {
        const renewal = await login.renewal(token, session);
        const done = renewal && (await dispatch(byId(store, renewal.conversationId), renewal.event));
        if (done) offerLogin(done);
        worker.nudge();
        return done?.effects.some(({ type }) => type === 'offer-login') ?? false;
      },
    },
    /** What an operator has to look after, by name. */
    health: async (): Promise<Readonly<Record<string, boolean>>> => {
      const withChannel = parts.adapters.filter(({ capabilities }) => capabilities.itChannel);
      if (withChannel.length === 0) return {};
      return { 'it-channel': await health.itChannel(withChannel.map(({ platform }) => platform)) };
    },
    /** Takes up what an earlier process left. */
    start: (): void => {
      worker.start();
      housekeeping.start();
    },
    stop: async (): Promise<void> => {
      housekeeping.stop();
      await login.stop();
      await worker.stop();
    },
  };
};
