/** As they were before the kit, or a test, put others in their place. */
export const { setTimeout, clearTimeout } = globalThis;
export const { now } = Date;
