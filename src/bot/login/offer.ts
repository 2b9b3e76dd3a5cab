import type { ChatAdapter } from '../../chat/port.ts';
import type { Effect } from '../../conversation/events/effect.ts';
import type { Stamp } from '../../conversation/events/event.ts';
import { findCheck } from '../../conversation/state/selectors.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { Store } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Log } from '../ports.ts';
import { byId, type Dispatch, type Done } from '../turn/dispatch.ts';
import type { LoginLinks } from './links.ts';

type Offered = Extract<Effect, { type: 'offer-login' }>;

export type OfferParts = {
  store: Store;
  /** Where the login page stands, such as `https://bot.example/login`; null: no password may be taken. */
  loginUrl: (() => string) | null;
  adapterOf(platform: string): ChatAdapter | null;
  wording: Wording;
  dispatch: Dispatch;
  stamp(): Stamp;
  log: Log;
};

/** Posts the message with the link. It is no job: the token would have to stand in it. Never rejects. */
export const createOffer = (parts: OfferParts, links: LoginLinks) => {
  const { store, loginUrl, wording, dispatch, stamp, log } = parts;

  const offer = async ({ conversation }: Done, { noticeId, checkId }: Offered): Promise<void> => {
    const account = findCheck(conversation, checkId)?.account;
    const { person } = conversation;
    const adapter = parts.adapterOf(person.platform);
    if (!account || !adapter || loginUrl === null) return;
    const token = await links.make(conversation, { noticeId, checkId });
    const url = `${loginUrl()}#${token}`;
    const message = wording.loginLink(conversation, { url, address: account.address });
    const ref = await adapter.post({ type: 'person', person }, message);
    const slot = `notice:${noticeId}`;
    await dispatch(byId(store, conversation.id), { ...stamp(), type: 'posted', slot, ref });
  };

  return (done: Done, effect: Offered): Promise<void> =>
    offer(done, effect).catch((error: unknown) =>
      log.warn({ conversation: done.conversation.id, code: codeOf(error) }, 'no login link was sent'),
    );
};
