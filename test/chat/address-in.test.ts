import { expect, test } from 'vitest';
import { addressIn } from '../../src/chat/address-in.ts';

test.each([
  ['Bitte an anna.beck@firma.example.', 'anna.beck@firma.example'],
  ['Anna Beck <anna@firma.example>, Vertrieb', 'anna@firma.example'],
  ['„anna@firma.example“', 'anna@firma.example'],
  ['(anna+x@müller.example)!', 'anna+x@müller.example'],
  ['@jonas wer ist bea@firma.example?', 'bea@firma.example'],
  ['erst @jonas, dann a@b, dann c@d.example; e@f.example', 'c@d.example'],
  ['mailto:anna@firma.example?subject=x', 'anna@firma.example'],
  ['nobody@localhost', ''],
  ['um 3 @ 4', ''],
  ['', ''],
])('in “%s” it is “%s”', (text, address) => {
  expect(addressIn(text)).toBe(address);
});

test('takes a time that grows with the text alone, whatever somebody has written', {
  timeout: 10_000,
  retry: 0,
}, () => {
  expect(addressIn('a'.repeat(200_000))).toBe('');
  expect(addressIn('a@'.repeat(100_000))).toBe('');
  expect(addressIn(`${'.'.repeat(100_000)}@${'.'.repeat(100_000)}`)).toBe('');
});
