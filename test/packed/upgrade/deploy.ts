export type Version = "first" | "latest";

let current: Version = "first";

/** Deploys a version: requests meet it at once, objects when they wake the next time. */
export function deploy(version: Version): void {
  current = version;
}

export function deployed(): Version {
  return current;
}
