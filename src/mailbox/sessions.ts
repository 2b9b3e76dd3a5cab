import type { Service } from '../diagnosis/account/endpoint.ts';
import type { RehearsalFacts } from '../diagnosis/observed/rehearsal.ts';
import { withTimeout } from '../lib/timeout.ts';
import type { Entrance } from '../probe/context.ts';
import { type ImapSession, isAlive as isImapAlive, leaveImap, logIntoImap } from './connection/imap.ts';
import { hold } from './connection/session.ts';
import { isAlive as isSmtpAlive, leaveSmtp, logIntoSmtp, type SmtpSession } from './connection/smtp.ts';

export type Entrances = Readonly<Record<Service, Entrance>>;
export type Emit = (service: Service, seen: SessionFacts) => void;
type SessionFacts = Extract<RehearsalFacts, { type: 'session' }>;

export type Sessions = { imap: ImapSession[]; smtp: SmtpSession[] };

/** How many HubSpot holds of each. */
const wanted = { imap: 3, smtp: 2 } as const;

/** The sessions of the login test have taken their leave; a server that counts them still would count one too many. */
const leftMs = 500;

/**
 * Opens the sessions of one service, one after another: opened at the same time, more are let in than a server allows to
 * stay. What is refused once is not tried again, since a refused login counts towards a lock-out.
 */
const openOf = async <S>(
  service: Service,
  sessions: S[],
  {
    open,
    alive,
    emit,
  }: {
    open(): ReturnType<typeof hold<S>>;
    alive(): boolean;
    emit: Emit;
  },
): Promise<void> => {
  for (let number = 1; number <= wanted[service]; number += 1) {
    const held = await open();
    const seen = { type: 'session', number, othersStood: alive() } as const;
    if (held.outcome !== 'opened') {
      emit(service, { ...seen, ...held });
      return;
    }
    sessions.push(held.session);
    emit(service, { ...seen, outcome: 'opened', reply: '', meaning: null });
  }
};

/** `onFirst`: the first session of IMAP is there, while the others are still being opened. */
export const openSessions = async (
  { imap, smtp }: Entrances,
  sessions: Sessions,
  {
    signal,
    emit,
    onImap,
  }: { signal: AbortSignal; emit: Emit; onImap(session: ImapSession, at: number): void },
): Promise<void> => {
  // Those sockets keep no process alive any more; this wait has to.
  await withTimeout<unknown>(leftMs, Promise.all([imap.left, smtp.left]), () => null);
  await openOf('imap', sessions.imap, {
    open: async () => {
      const held = await hold(imap, signal, logIntoImap);
      if (held.outcome === 'opened') onImap(held.session, sessions.imap.length);
      return held;
    },
    alive: () => sessions.imap.length > 0 && sessions.imap.every(isImapAlive),
    emit,
  });
  await openOf('smtp', sessions.smtp, {
    open: () => hold(smtp, signal, logIntoSmtp),
    alive: () => sessions.smtp.length > 0 && sessions.smtp.every(isSmtpAlive),
    emit,
  });
};

export const leaveAll = async ({ imap, smtp }: Sessions): Promise<void> => {
  await Promise.all([...imap.map(leaveImap), ...smtp.map(leaveSmtp)]);
};
