/** Single keys that lead to the parts of the view in sight, documented in the help dialog of the page. */

import { byId } from "./dom.ts";
import { currentView } from "./views.ts";

type Actions = Readonly<Record<string, () => void>>;

const actionsOf = new Map<string, Actions>();

/** Says what the keys of a view do. */
export function setShortcuts(view: string, actions: Actions): void {
  actionsOf.set(view, actions);
}

/** Binds the keys. They do nothing while a field has the focus, and can be switched off in the help. */
export function bindShortcuts(): void {
  const help = byId("help", HTMLDialogElement);
  const areOn = byId("single-keys", HTMLInputElement);
  const showHelp = () => help.showModal();
  byId("help-open", HTMLButtonElement).addEventListener("click", showHelp);

  document.addEventListener("keydown", (event) => {
    if (!areOn.checked || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (isWriting(event.target)) return;
    const action = event.key === "?" ? showHelp : actionsOf.get(currentView() ?? "")?.[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
}
