/** What can be measured on a page: work in a frame, names of controls, contrast. */

import type { Page } from "playwright-core";

/** Notes the most elements that are made in one frame, among the children of the element that a selector finds. */
export function watchWork(page: Page, selector: string): Promise<void> {
  return page.evaluate((where) => {
    const { dataset } = document.body;
    dataset.made = "0";
    let inFrame = 0;
    const newFrame = () => {
      inFrame = 0;
      requestAnimationFrame(newFrame);
    };
    requestAnimationFrame(newFrame);
    new MutationObserver((changes) => {
      inFrame += changes.reduce((sum, { addedNodes }) => sum + addedNodes.length, 0);
      dataset.made = String(Math.max(Number(dataset.made), inFrame));
    }).observe(document.querySelector(where) ?? document.body, { childList: true });
  }, selector);
}

/** The most that has been made in one frame since `watchWork`. */
export async function mostInOneFrame(page: Page): Promise<number> {
  return Number(await page.locator("body").getAttribute("data-made"));
}

/** Roles of the controls for which the accessibility tree has no name. */
export async function namelessControls(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const roles = [
    "button",
    "checkbox",
    "combobox",
    "link",
    "listbox",
    "option",
    "radio",
    "searchbox",
    "textbox",
  ];
  const controls = nodes.filter(({ role, ignored }) => !ignored && roles.includes(String(role?.value)));
  if (controls.length < 30) throw new Error(`only ${controls.length} controls found`);
  return controls.filter(({ name }) => !name?.value).map(({ role }) => String(role?.value));
}

/** Texts below the contrast of WCAG 2 level AA, 4.5 to 1. Disabled controls are exempt, as they are there. */
export function lowContrastTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("no canvas");

    const luminance = (layers: string[]) => {
      for (const layer of layers) {
        context.fillStyle = layer;
        context.fillRect(0, 0, 1, 1);
      }
      const [red = 0, green = 0, blue = 0] = Array.from(context.getImageData(0, 0, 1, 1).data, (value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const contrast = (element: Element) => {
      const backgrounds: string[] = [];
      for (let at: Element | null = element; at; at = at.parentElement) {
        backgrounds.unshift(getComputedStyle(at).backgroundColor);
      }
      const behind = luminance(backgrounds);
      const text = luminance([...backgrounds, getComputedStyle(element).color]);
      return (Math.max(behind, text) + 0.05) / (Math.min(behind, text) + 0.05);
    };
    const hasText = (element: Element) =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    return [...document.body.querySelectorAll("*")]
      .filter((element) => hasText(element) && element.checkVisibility() && !element.closest(":disabled"))
      .filter((element) => contrast(element) < 4.5)
      .map(
        (element) =>
          `${element.className || element.tagName}: ${element.textContent} ${contrast(element).toFixed(2)}`,
      );
  });
}
