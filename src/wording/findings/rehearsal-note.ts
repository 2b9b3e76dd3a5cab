import type { Block } from '../../chat/view.ts';
import type { Finding } from '../../diagnosis/finding.ts';
import { wasRehearsed } from '../../diagnosis/rehearsal-steps.ts';
import type { Locale } from '../../language.ts';
import { translator } from '../catalogue/catalogue.ts';

/** What a rehearsal has proven, and what it cannot prove. Without one nothing is said, and nothing claimed. */
export const rehearsalNote = (findings: readonly Finding[], locale: Locale): Block[] => {
  if (!wasRehearsed(findings)) return [];
  const t = translator(locale);
  const passed = (id: Finding['requirement']) =>
    findings.find(({ requirement, verdict }) => requirement === id && verdict === 'pass');
  const afterMs = passed('test-mail-arrives')?.evidence.afterMs;
  const proven = [
    ...(typeof afterMs === 'number' ? [t('views:rehearsed.arrived', { afterMs })] : []),
    ...(passed('concurrent-connections') ? [t('views:rehearsed.connections')] : []),
  ];
  return [{ type: 'note', text: [...proven, t('views:rehearsed.not-proven')].join(' ') }];
};
