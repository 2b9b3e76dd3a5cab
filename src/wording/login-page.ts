import type { Locale } from '../conversation/conversation.ts';
import type { Account } from '../diagnosis/account.ts';
import { services } from '../diagnosis/endpoint.ts';
import { withPort } from './account-blocks.ts';
import { catalogues, translator } from './catalogue.ts';

type Words = (typeof catalogues)[Locale]['login'];

/** The words of the login page that hold no number. */
export type LoginWords = Omit<Words, `refused_${string}`>;

export const loginWords = (locale: Locale): LoginWords => {
  const { refused_one, refused_other, ...words } = catalogues[locale].login;
  return words;
};

/** `until` and `now` in milliseconds since the epoch. */
export const loginRefused = (locale: Locale, until: number, now: number): string =>
  translator(locale)('login:refused', { count: Math.max(1, Math.ceil((until - now) / 60_000)) });

/** Which servers will get the password. */
export const loginServers = (account: Account, locale: Locale): { label: string; value: string }[] => {
  const t = translator(locale);
  return services.flatMap((service) => {
    const endpoint = account[service];
    return endpoint ? [{ label: t(`views:value.${service}`), value: withPort(endpoint) }] : [];
  });
};
