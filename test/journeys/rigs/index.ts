import type { Rig } from '../stage.ts';
import { preview } from './preview.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';

export const rigs: readonly Rig[] = [slack, teams, preview];
