import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/index.ts';

describe('PUBLIC_URL', () => {
  test.each([
    ['https://bot.firma.example', 'https://bot.firma.example'],
    ['https://bot.firma.example/mail/', 'https://bot.firma.example/mail'],
    ['http://127.0.0.1:3978', 'http://127.0.0.1:3978'],
    ['http://localhost:3978/', 'http://localhost:3978'],
    [' https://bot.firma.example/ ', 'https://bot.firma.example'],
  ])('takes %s', (typed, used) => {
    expect(readConfig({ PUBLIC_URL: typed }).PUBLIC_URL).toBe(used);
  });

  test.each([
    'http://bot.firma.example',
    'bot.firma.example',
    'ftp://127.0.0.1',
    'https://anna:geheim@bot.firma.example',
    'https://:geheim@bot.firma.example',
    'https://bot.firma.example/?a=1',
  ])('refuses %s, without repeating it', (typed) => {
    expect(() => readConfig({ PUBLIC_URL: typed })).toThrow(
      'PUBLIC_URL: expected an address such as https://bot.company.com',
    );
  });
});
