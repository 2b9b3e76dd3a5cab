/** The parts of a name in the order in which a reader knows it by them: common name, organisation, unit (RFC 4519). */
const telling = ['CN', 'O', 'OU'];

/** A part ends where the next attribute begins: a comma alone may be of the name. */
const partOf = (name: string, attribute: string): string | undefined =>
  [...name.matchAll(new RegExp(`(?:^|, )${attribute}=(.+?)(?=, [A-Za-z0-9.]{1,40}=|$)`, 'gu'))].at(-1)?.[1];

/** What people call the subject or issuer of a certificate, whose name is a list such as `C=DE, O=Firma, CN=Firma CA`. */
export const certificateName = (name: string): string =>
  telling.map((attribute) => partOf(name, attribute)).find((part) => part !== undefined) ?? name;
