import { expect, test } from 'vitest';
import { certificateName } from '../../src/wording/findings/certificate-name.ts';

test.each([
  ['CN=mail.firma.example', 'mail.firma.example'],
  ['C=DE, O=Tests, OU=IT, CN=Firma CA', 'Firma CA'],
  ['CN=Müller, Maier und Partner, O=Kanzlei', 'Müller, Maier und Partner'],
  ['DC=example, DC=firma, CN=Ausstellende Stelle 2', 'Ausstellende Stelle 2'],
  ['C=US, O=Google Trust Services LLC', 'Google Trust Services LLC'],
  ['C=DE, OU=Nur eine Abteilung', 'Nur eine Abteilung'],
  ['1.2.840.113549.1.9.1=it@firma.example, CN=mail', 'mail'],
  ['C=DE', 'C=DE'],
  ['', ''],
])('%s is known as %s', (name, known) => {
  expect(certificateName(name)).toBe(known);
});
