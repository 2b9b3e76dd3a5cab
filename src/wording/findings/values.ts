/** What the texts of findings are filled with. */
import type { Account } from '../../diagnosis/account/account.ts';
import { type Finding, partsOfEvidence } from '../../diagnosis/finding.ts';
import { requirementOnBoth, serviceOf } from '../../diagnosis/one-cause.ts';
import { type RequirementId, requirementIds } from '../../diagnosis/policy.ts';
import type { Locale } from '../../language.ts';
import { catalogues, isKey, translator, type Values } from '../catalogue/catalogue.ts';
import { certificateName } from './certificate-name.ts';

/** The short label of a requirement, for lists. */
export const requirementName = (id: RequirementId, locale: Locale): string =>
  catalogues[locale].findings[id].name;

const isRequirement = (id: unknown): id is RequirementId => requirementIds.some((known) => known === id);

/** The requirement's name, with the service where the name alone does not tell it. */
const labelOf = (finding: Finding, locale: Locale): string => {
  const name = requirementName(finding.requirement, locale);
  const service = serviceOf(finding)?.toUpperCase() ?? null;
  return service === null || name.includes(service) ? name : `${name} (${service})`;
};

/** The same for a requirement that is not met on either server. */
export const labelOfBoth = ({ requirement }: Finding, locale: Locale): string => {
  const t = translator(locale);
  const [own] = [`both:name.${requirementOnBoth(requirement)}`].filter(isKey);
  return `${own ? t(own) : requirementName(requirement, locale)} (${t('both:services')})`;
};

/** How the probe marks words that repeat the secret. */
const hidden = '(hidden)';

/** Evidence as people read it, whatever the language of what saw it. */
const readable = (evidence: Finding['evidence'], locale: Locale): Values => {
  const { values } = partsOfEvidence(evidence);
  const { subject, issuer, reply } = values;
  const { said } = catalogues[locale].findings;
  return {
    ...values,
    ...(typeof subject === 'string' ? { subject: certificateName(subject) } : {}),
    ...(typeof issuer === 'string' ? { issuer: certificateName(issuer) } : {}),
    ...(typeof reply === 'string' ? { reply: reply.replaceAll(hidden, said.hidden) } : {}),
  };
};

/** Evidence that stands for a name or a sentence in the reader's language. */
const inWords = (
  { because, trustedBy, answer, insists, stated, by }: Finding['evidence'],
  locale: Locale,
): Values => {
  const texts = catalogues[locale].findings;
  return {
    answer:
      typeof answer === 'string'
        ? translator(locale)('findings:said.answer', { answer })
        : texts.said.nothing,
    insists: texts.insists[insists === false ? 'no' : 'yes'],
    ...(by === 'idle' || by === 'asked' ? { by: texts['arrived-by'][by] } : {}),
    stated: texts.stated[stated === false ? 'no' : 'yes'],
    ...(isRequirement(because) ? { because: requirementName(because, locale) } : {}),
    ...(trustedBy === 'mozilla' || trustedBy === 'local'
      ? { trustedBy: texts['trusted-by'][trustedBy] }
      : {}),
  };
};

export const valuesOf = (finding: Finding, account: Account, locale: Locale): Values => ({
  service: serviceOf(finding)?.toUpperCase() ?? null,
  host: finding.endpoint?.host ?? null,
  port: finding.endpoint?.port ?? null,
  address: account.address,
  username: account.username,
  requirement: labelOf(finding, locale),
  ...readable(finding.evidence, locale),
  ...inWords(finding.evidence, locale),
});

/** The values of one cause that both servers show: both hosts and both ports, and of the rest what IMAP has. */
export const valuesOfBoth = (
  { imap, smtp }: { imap: Finding; smtp: Finding },
  account: Account,
  locale: Locale,
): Values => {
  const t = translator(locale);
  const [host = null, other = null] = [imap, smtp].map(({ endpoint }) => endpoint?.host);
  const ports = [...new Set([imap, smtp].map(({ endpoint }) => String(endpoint?.port ?? '')))];
  return {
    ...valuesOf(imap, account, locale),
    service: t('both:services'),
    host: host === other ? host : t('both:host', { host, other }),
    port: ports,
    requirement: labelOfBoth(imap, locale),
  };
};
