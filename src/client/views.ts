/** The views that the navigation leads to: a link `#name` shows the element with that id. */

const links = [...document.querySelectorAll<HTMLAnchorElement>("#views a")];

export function bindViews(): void {
  addEventListener("hashchange", showView);
  showView();
}

function showView(): void {
  const current = links.find((link) => link.hash === location.hash) ?? links[0];
  for (const link of links) {
    const isCurrent = link === current;
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    document.querySelector(link.hash)?.toggleAttribute("hidden", !isCurrent);
  }
}
