/** A report of non-delivery (RFC 3464) that names our mail. */
export type DeliveryReport = {
  /** Such as 5.2.2. */
  status: string;
  /** What the last server said; as it came. */
  diagnosis: string;
};

const field = (text: string, name: string): string | null => {
  // A long value goes on in the next line behind a space (RFC 5322 §2.2.3).
  const found = new RegExp(`^${name}:[ \\t]*([^\\r\\n]*(?:\\r?\\n[ \\t][^\\r\\n]*)*)`, 'imu').exec(text);
  return found?.[1] === undefined ? null : found[1].replaceAll(/\s+/gu, ' ').trim();
};

/** What the report says of the recipient for whom it failed; null: it is no such report, or speaks of a delay only. */
export const readReport = (source: string, id: string): DeliveryReport | null => {
  const text = source.replaceAll('\r\n', '\n');
  if (!text.includes(id) || !/report-type="?delivery-status/iu.test(text)) return null;
  const at = text.search(/^content-type:\s*message\/(?:global-)?delivery-status/imu);
  const fields = at < 0 ? '' : text.slice(at);
  if (field(fields, 'Action')?.toLowerCase().startsWith('failed') !== true) return null;
  const status = /\d\.\d{1,3}\.\d{1,3}/u.exec(field(fields, 'Status') ?? '')?.[0] ?? '5.0.0';
  const diagnosis = field(fields, 'Diagnostic-Code')?.replace(/^[\w-]+;\s*/u, '') ?? '';
  // The exact code may stand in the words alone, behind a vague status.
  const exact = /\b5\.\d{1,3}\.\d{1,3}\b/u.exec(diagnosis)?.[0];
  return { status: /^5\.0\.0$/u.test(status) ? (exact ?? status) : status, diagnosis };
};
