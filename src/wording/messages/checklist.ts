import type { Block } from '../../chat/view.ts';
import type { Check, Locale } from '../../conversation/state/conversation.ts';
import type { Account } from '../../diagnosis/account/account.ts';
import type { Assessment } from '../../diagnosis/finding.ts';
import { isLogin, judgedSteps, type StepProgress } from '../../diagnosis/progress.ts';
import { wasRehearsed } from '../../diagnosis/rehearsal-steps.ts';
import { translator } from '../catalogue/catalogue.ts';

/** HubSpot's steps in its order, each with what has been reached so far. */
export const checklistBlock = (steps: readonly StepProgress[], locale: Locale): Block => {
  const t = translator(locale);
  return {
    type: 'checklist',
    items: steps.map(({ step, state, milestones }) => ({
      state,
      stateLabel: t(`views:step-state.${state}`),
      label: t(`views:step.${step}`),
      detail:
        milestones.length === 0
          ? null
          : milestones.map((milestone) => t(`views:milestone.${milestone}`)).join(' · '),
    })),
  };
};

/** What a finished check says of each step. */
export const stepsAfter = ({ findings }: Assessment): StepProgress[] =>
  judgedSteps(findings, { rehearsed: wasRehearsed(findings) });

/** The steps of a check before, or after, it ran. */
export const stepsOf = ({ state, assessment, withLogin, rehearsal }: Check): StepProgress[] => {
  if (assessment) return stepsAfter(assessment);
  return judgedSteps([], { rehearsed: rehearsal !== undefined }).map(({ step, milestones }) => {
    const ahead = state === 'running' ? 'waiting' : 'skipped';
    return { step, state: isLogin(step) && !withLogin ? 'skipped' : ahead, milestones };
  });
};

/** A running check, for the chat and the terminal. */
export const progressBlocks = (account: Account, steps: readonly StepProgress[], locale: Locale): Block[] => {
  const t = translator(locale);
  return [
    {
      type: 'heading',
      text: t('views:progress.running', { address: account.address }),
      tone: 'neutral',
    },
    checklistBlock(steps, locale),
  ];
};
