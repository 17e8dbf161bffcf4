/**
 * The views that the navigation leads to: a link `#name` shows the element with that id, and what else has this name
 * as `data-view`.
 */

const links = [...document.querySelectorAll<HTMLAnchorElement>("#views a")];
let current: string | undefined;

/** @param opened is called with the name of a view whenever it comes into sight. */
export function bindViews(opened: (name: string) => void): void {
  const show = () => {
    const name = nameOf(findLink(location.hash));
    if (name === current) return;
    current = name;
    showView(name);
    opened(name);
  };
  addEventListener("hashchange", show);
  show();
}

/** The name of the view in sight. */
export function currentView(): string | undefined {
  return current;
}

/** An address may also lead to a part of a view. */
function findLink(hash: string): HTMLAnchorElement | undefined {
  const target = document.getElementById(hash.slice(1));
  return links.find((link) => document.getElementById(nameOf(link))?.contains(target)) ?? links[0];
}

function nameOf(link: HTMLAnchorElement | undefined): string {
  return link?.hash.slice(1) ?? "";
}

function showView(name: string): void {
  for (const link of links) {
    const isCurrent = nameOf(link) === name;
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    document.getElementById(nameOf(link))?.toggleAttribute("hidden", !isCurrent);
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-view]")) {
    element.hidden = element.dataset.view !== name;
  }
}
