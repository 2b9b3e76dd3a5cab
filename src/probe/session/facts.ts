import type { ObservationOf } from '../../diagnosis/observed/observation.ts';

type Facts<T extends 'greeting' | 'capabilities' | 'starttls'> =
  ObservationOf<T> extends infer O
    ? O extends unknown
      ? Omit<O, 'service' | 'at' | 'type' | 'layer'>
      : never
    : never;
export type GreetingFacts = Facts<'greeting'>;
export type CapabilityFacts = Facts<'capabilities'>;
export type StarttlsFacts = Facts<'starttls'>;
