// @ts-check
// A drag over the bars of a histogram or a timeline asks for the records from the first bar to the last.

/** @param {SVGElement} chart */
function brush(chart) {
  const hits = /** @type {SVGRectElement[]} */ ([...chart.querySelectorAll("rect.hit")]);
  /** @type {number | null} */
  let from = null;
  let hasMoved = false;

  /** @param {PointerEvent} event */
  const at = (event) => hits.findIndex((hit) => event.clientX <= hit.getBoundingClientRect().right);

  /** @param {number} to */
  const range = (to) => hits.slice(Math.min(from ?? to, to), Math.max(from ?? to, to) + 1);

  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = at(event);
    hasMoved = false;
  });
  chart.addEventListener("pointermove", (event) => {
    if (from === null || from < 0) return;
    const to = at(event);
    hasMoved = hasMoved || to !== from;
    const chosen = new Set(range(to));
    for (const hit of hits) hit.classList.toggle("brushed", hasMoved && chosen.has(hit));
  });
  chart.addEventListener("dragstart", (event) => event.preventDefault());
  window.addEventListener("pointerup", (event) => {
    if (from === null || from < 0) return;
    const end = at(event);
    const chosen = range(end < 0 ? hits.length - 1 : end).filter((hit) => hit.closest("a"));
    const wasDrag = hasMoved;
    from = null;
    if (wasDrag && chosen.length > 1) open(chosen[0], chosen[chosen.length - 1]);
  });
  chart.addEventListener("click", (event) => {
    if (hasMoved) event.preventDefault();
  });
}

/** The first bar's link, with the last bar's end in the place of its own. @param {SVGRectElement} first @param {SVGRectElement} last */
function open(first, last) {
  const url = new URL(first.closest("a")?.getAttribute("href") ?? "", location.href);
  const text = url.searchParams.get("q") ?? "";
  const own = `< ${first.dataset.high ?? ""}`;
  const place = text.lastIndexOf(own);
  if (place < 0) return;
  url.searchParams.set("q", `${text.slice(0, place)}< ${last.dataset.high ?? ""}${text.slice(place + own.length)}`);
  location.assign(url);
}

export function brushHistograms() {
  for (const chart of document.querySelectorAll("svg.histogram")) {
    if (chart.getAttribute("data-name")) brush(/** @type {SVGElement} */ (chart));
  }
}
