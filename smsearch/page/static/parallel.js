// @ts-check
// A drag along an axis of parallel coordinates asks for the records whose value lies in the range.

const TOP = 24;
const HEIGHT = 260;

/** @typedef {{low: number, high: number, log: boolean, categories: string[]}} Scale */

/** The number at a share of an axis, 0 at its lower end. @param {Scale} scale @param {number} share */
function numberAt(scale, share) {
  if (!scale.log) return scale.low + share * (scale.high - scale.low);
  return Math.exp(Math.log(scale.low) + share * (Math.log(scale.high) - Math.log(scale.low)));
}

/** An item of a list in an address, which is CSV. @param {string} item */
export function quoted(item) {
  return /[",\r\n]/.test(item) ? `"${item.replaceAll('"', '""')}"` : item;
}

/** @param {HTMLElement} figure @param {SVGGElement} axis @param {number} from @param {number} to */
function choose(figure, axis, from, to) {
  /** @type {Scale} */
  const scale = JSON.parse(axis.dataset.scale ?? "{}");
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const url = new URL(figure.dataset.narrow ?? "", location.href);
  const name = quoted(axis.dataset.name ?? "");
  if (scale.categories.length) {
    const last = Math.max(scale.categories.length - 1, 1);
    const chosen = scale.categories.filter((_, place) => place / last >= low && place / last <= high);
    if (!chosen.length) return;
    url.searchParams.append("in", [name, ...chosen.map(quoted)].join(","));
  } else {
    url.searchParams.append("range", `${name},${numberAt(scale, low)},${numberAt(scale, high)}`);
  }
  location.assign(url);
}

/** @param {HTMLElement} figure @param {SVGGElement} axis */
function brush(figure, axis) {
  const area = /** @type {SVGRectElement} */ (axis.querySelector("rect.drag"));
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  mark.setAttribute("class", "chosen");
  for (const side of ["x", "width"]) mark.setAttribute(side, area.getAttribute(side) ?? "0");
  /** @type {number | null} */
  let from = null;

  /** @param {PointerEvent} event */
  const share = (event) => {
    const box = area.getBoundingClientRect();
    return Math.min(Math.max(1 - (event.clientY - box.top) / box.height, 0), 1);
  };

  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = share(event);
    area.setPointerCapture(event.pointerId);
    area.before(mark);
    event.preventDefault();
  });
  area.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const to = share(event);
    mark.setAttribute("y", `${TOP + HEIGHT * (1 - Math.max(from, to))}`);
    mark.setAttribute("height", `${HEIGHT * Math.abs(to - from)}`);
  });
  area.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const [begun, to] = [from, share(event)];
    from = null;
    if (Math.abs(to - begun) > 0.01) choose(figure, axis, begun, to);
    else mark.remove();
  });
}

/** @param {HTMLElement[]} figures */
export function brushParallelAxes(figures) {
  for (const figure of figures.filter((one) => one.dataset.narrow)) {
    for (const axis of figure.querySelectorAll("svg.parallel g.axis")) brush(figure, /** @type {SVGGElement} */ (axis));
  }
}
