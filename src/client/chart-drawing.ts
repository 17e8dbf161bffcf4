/** Draws a chart into the page. */

import { layOutChart } from "./chart-shape.ts";

const SVG = "http://www.w3.org/2000/svg";

/**
 * Draws samples over the whole of an element, newest at the right, with their median.
 *
 * @param samples undefined ones leave a gap.
 * @param label what it shows, for those who do not see it.
 */
export function drawChart(box: HTMLElement, samples: readonly (number | undefined)[], label: string): void {
  const { clientWidth: width, clientHeight: height } = box;
  const shape = layOutChart(samples, width, height);
  const svg = createShape("svg", { width, height, role: "img", "aria-label": label });
  if (shape) {
    const { line, area, x, y, medianY } = shape;
    svg.append(
      createShape("path", { class: "area", d: area }),
      createShape("line", { class: "median", x1: 0, x2: width, y1: medianY, y2: medianY }),
      createShape("path", { class: "line", d: line }),
      createShape("circle", { class: "last", cx: x, cy: y, r: 3 }),
    );
  }
  box.replaceChildren(svg);
}

function createShape(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const shape = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value));
  return shape;
}
