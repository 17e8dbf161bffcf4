/** For clients that send more than a browser does, which the default rate is for. */
export const UNLIMITED = { perSecond: 1_000_000_000, burst: 1_000_000_000 };
