/** The matrix: every fault that one of our servers has. */
import { betweenFaults } from './between.ts';
import { type Fault, faults } from './faults.ts';
import { namedFaults, starttlsFaults } from './more-faults.ts';
import { portFaults } from './ports.ts';
import { trialFaults } from './trials.ts';
import { wayInFaults } from './ways-in.ts';

export const everyFault: readonly Fault[] = [
  ...faults,
  ...starttlsFaults,
  ...namedFaults,
  ...portFaults,
  ...wayInFaults,
  ...trialFaults,
  ...betweenFaults,
];
