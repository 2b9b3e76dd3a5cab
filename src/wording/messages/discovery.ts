import type { Block } from '../../chat/view.ts';
import { services } from '../../diagnosis/account/endpoint.ts';
import { asciiName } from '../../diagnosis/account/host.ts';
import { type HintId, type Proposal, reasonsForNoServer } from '../../diagnosis/account/provider.ts';
import type { Locale } from '../../language.ts';
import { catalogues, isKey, translator, type Values } from '../catalogue/catalogue.ts';
import { endpointRow } from '../findings/account-blocks.ts';

/** One thing to know or to do before a login. */
export type HintText = { id: HintId; title: string; text: string };

type TitleAndText = { title: string; text: string };

/** What `locales/<locale>/discovery.json` must hold: every hint for all providers, or for every one that can give it. */
type HintCatalogue = {
  [H in HintId]: H extends 'use-native'
    ? Record<'google' | 'microsoft', TitleAndText>
    : { any: TitleAndText };
};
const hintsIn = (locale: Locale): HintCatalogue => catalogues[locale].discovery.hint;

const domainOf = (address: string) => {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return { domain, asciiDomain: asciiName(domain) ?? domain };
};

const valuesOf = ({ provider }: Proposal, address: string): Values => ({
  address,
  ...domainOf(address),
  provider: provider?.name ?? null,
});

/** The words for this provider, or for what came from this source, where there are such. */
const variantOf = (id: HintId, { provider, source }: Proposal, locale: Locale): string =>
  [provider?.id, provider?.native, source, 'any'].find(
    (variant) => variant && variant in hintsIn(locale)[id],
  ) ?? 'any';

/** What is to be done before a login, in that order; each with who does what. */
export const hintTexts = (proposal: Proposal, address: string, locale: Locale): HintText[] => {
  const part = (key: string): string => {
    const path = `discovery:hint.${key}`;
    return isKey(path) ? translator(locale)(path, valuesOf(proposal, address)) : '';
  };
  return proposal.hints.map((id) => {
    const variant = variantOf(id, proposal, locale);
    return { id, title: part(`${id}.${variant}.title`), text: part(`${id}.${variant}.text`) };
  });
};

/** Why no server was found for a service, where that is known. */
export const missingInWords = (proposal: Proposal, address: string, locale: Locale): HintText[] =>
  hintTexts(proposal, address, locale).filter(({ id }) => reasonsForNoServer.includes(id));

const hintBlock = ({ title, text }: HintText): Block => ({
  type: 'finding',
  tone: 'warning',
  title,
  paragraphs: [{ label: null, text }],
});
export const hintBlocks = (hints: readonly HintText[]): Block[] => hints.map(hintBlock);

/** Where the proposal comes from, in one sentence; where nothing was found, what to do instead. */
const sourceInWords = (proposal: Proposal, address: string, locale: Locale): string =>
  translator(locale)(
    proposal.source === null ? 'discovery:none' : `discovery:source.${proposal.source}`,
    valuesOf(proposal, address),
  );

/** What was found for an address: where it comes from, what to do first, and the values. */
export const proposalBlocks = (proposal: Proposal, address: string, locale: Locale): Block[] => {
  const t = translator(locale);
  const { source, imap, smtp, username } = proposal;
  const rows = [
    ...endpointRow(imap, t('views:value.imap'), locale),
    ...endpointRow(smtp, t('views:value.smtp'), locale),
    ...(username === null ? [] : [{ label: t('views:value.username'), value: username }]),
  ];
  const missing = rows.length === 0 ? [] : services.filter((service) => proposal[service] === null);
  return [
    {
      type: 'heading',
      text: t(source === null ? 'discovery:heading.none' : 'discovery:heading.found', { address }),
      tone: source === null ? 'open' : 'neutral',
    },
    { type: 'text', text: sourceInWords(proposal, address, locale) },
    ...hintBlocks(hintTexts(proposal, address, locale)),
    ...(rows.length === 0 ? [] : [{ type: 'values', title: t('discovery:values'), rows } as const]),
    ...missing.map(
      (service): Block => ({
        type: 'note',
        text: t('discovery:one-missing', { service: service.toUpperCase() }),
      }),
    ),
  ];
};
