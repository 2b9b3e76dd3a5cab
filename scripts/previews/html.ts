const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const html = (text: unknown): string =>
  String(text).replace(/[&<>"]/gu, (sign) => entities[sign] ?? sign);
