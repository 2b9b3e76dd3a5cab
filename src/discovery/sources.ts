/** Where the facts of the provider table were read, and the date of what was read, by the calendar. */
export type Source = { name: string; date: string };

export const ispdb: Source = { name: 'Thunderbird ISPDB c6ad796', date: '2026-03-12' };
export const deltaChat: Source = { name: 'Delta Chat provider-db 5c14381', date: '2024-11-22' };
export const nodemailer: Source = { name: "nodemailer's list of well-known services", date: '2026-08-07' };
export const google: Source = { name: "Google's notice on less secure apps", date: '2025-05-01' };
export const microsoft: Source = { name: 'Microsoft message MC786329', date: '2026-01-27' };
export const readme: Source = { name: 'a third-party README only', date: '2026' };

/** The provider's own help pages, in the copies of that year. */
export const ownHelp = (page: string): Source => ({ name: page, date: '2026' });
