/** What lies outside an adapter's folder and is forgotten without a word. */
import { describe, expect, test } from 'vitest';
import { chatPlatforms } from '../../src/config/index.ts';
import { locales } from '../../src/language.ts';
import { catalogues } from '../../src/wording/catalogue/catalogue.ts';
import { rigs } from '../journeys/rigs/index.ts';

describe.each(chatPlatforms)('$id', ({ id }) => {
  test.each(locales)('is named on the login page, in %s', (locale) => {
    expect(Object.keys(catalogues[locale].login)).toContain(`asked-${id}`);
  });

  test('has a rig, so that every journey is gone there too', () => {
    expect(rigs.map(({ name }) => name.toLowerCase())).toContain(id);
  });
});
