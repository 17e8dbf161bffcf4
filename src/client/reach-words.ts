/** An address that no connection could be made to, in words. */

/** For the header of the page, which has little room. */
export function hostOf(url: string): string {
  return URL.parse(url)?.host || url;
}

export function cannotReach(url: string): string {
  return `Cannot reach ${url}: nothing answers there, or it refuses this page. Browsers do not say which.`;
}
