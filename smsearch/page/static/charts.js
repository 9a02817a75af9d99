// @ts-check
// Draws the figures of a screen with the library that the server has; until it is there, and without it, the tables stay.

import { brushParallelAxes, quoted } from "./parallel.js";

const WAIT = 1_000;
const state = document.getElementById("drawing-state");
const figures = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("figure.chart")]);

/** @param {HTMLElement} figure @param {[string, [number, number]][]} ranges */
function narrow(figure, ranges) {
  const url = new URL(figure.dataset.narrow ?? "", location.href);
  for (const [name, [low, high]] of ranges) url.searchParams.append("range", `${quoted(name)},${low},${high}`);
  location.assign(url);
}

/** @returns {object} */
function colors() {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--ink").trim();
  const line = style.getPropertyValue("--line").trim();
  const axis = { labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line, titleFontWeight: "normal" };
  const mark = { color: style.getPropertyValue("--tone0").trim() };
  return { background: "transparent", mark, axis, legend: { labelColor: ink, titleColor: ink }, view: { stroke: line } };
}

/** @param {HTMLElement} figure */
async function draw(figure) {
  const place = figure.querySelector(".drawing");
  const text = figure.querySelector("script.spec")?.textContent;
  if (!place || !text) return;
  const options = { actions: false, renderer: "svg", ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true }, config: colors() };
  // The place has a name and a role, which Vega would take from it; the marks would be read one by one, and the table
  // below has the numbers.
  const inside = document.createElement("div");
  inside.setAttribute("aria-hidden", "true");
  place.append(inside);
  // @ts-ignore - the library sets it
  const { view } = await window.vegaEmbed(inside, JSON.parse(text), options);
  figure.querySelector("details.data")?.removeAttribute("open");
  figure.dataset.drawn = "true";
  if (figure.dataset.narrow) listen(figure, view);
}

/** A box on the figure becomes conditions when the pointer is let go. @param {HTMLElement} figure @param {any} view */
function listen(figure, view) {
  /** @type {Record<string, string>} */
  const axes = JSON.parse(figure.dataset.axes ?? "{}");
  /** @type {Record<string, [number, number]>} */
  let box = {};
  try {
    view.addSignalListener("brush", (/** @type {string} */ _name, /** @type {typeof box} */ value) => { box = value ?? {}; });
  } catch {
    return; // a figure on which nothing is chosen
  }
  window.addEventListener("pointerup", () => {
    const ranges = Object.entries(axes).filter(([field]) => box[field]);
    if (ranges.length) narrow(figure, ranges.map(([field, name]) => [name, /** @type {[number, number]} */ ([+box[field][0], +box[field][1]])]));
  });
}

function load() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/vega.js";
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

/** @param {string} text */
function say(text) {
  if (state) state.textContent = text;
}

async function start() {
  const answer = await (await fetch("/vega")).json();
  if (answer.state === "missing") return say(answer.message);
  if (answer.state !== "ready") {
    say(answer.message);
    window.setTimeout(start, WAIT);
    return;
  }
  await load();
  await Promise.all(figures.map(draw));
  say("");
}

brushParallelAxes(figures);
if (document.querySelector("script.spec")) start();
