import type { Locale } from '../../../language.ts';
import { type PageTexts, pageTextKeys } from './page-texts.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** Fills `{{key}}` in the page, so that it speaks the reader's language from its first byte. */
export const renderPage = (template: string, locale: Locale, texts: PageTexts): string =>
  template
    .replace('<html lang="en">', `<html lang="${locale}">`)
    .replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
      const key = pageTextKeys.find((one) => one === name);
      return key === undefined ? whole : escapeHtml(texts[key]);
    });
