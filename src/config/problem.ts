/** What settings ask of each other, or of a value's form. `expected`: which sentence of the doctor says it, where the variable's own does not. */
export type SettingProblem = { path: string; message: string; expected?: string };
