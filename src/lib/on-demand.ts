export type OnDemand<T> = {
  /** Made with the first question for it, once for all who ask. Rejects as `make` does; a failure is not remembered. */
  get(): Promise<T>;
  /** What has been made, or is being made; null: nobody has asked. */
  made(): Promise<T> | null;
  /** One of its functions, to be handed on before it is made. Calls of before are run in their order. */
  call<Args extends unknown[], Result>(
    find: (made: T) => (...args: Args) => Result | Promise<Result>,
  ): (...args: Args) => Promise<Result>;
};

/** For what takes long to load, or much memory, and may never be needed. */
export const createOnDemand = <T>(make: () => Promise<T>): OnDemand<T> => {
  let making: Promise<T> | null = null;
  const get = (): Promise<T> => {
    making ??= make().catch((error: unknown) => {
      making = null;
      throw error;
    });
    return making;
  };
  return {
    get,
    made: () => making,
    call:
      (find) =>
      async (...args) =>
        find(await get())(...args),
  };
};
