// @ts-check
// Keys: / query · j k rows · h l columns · x select · c compare · Enter open · f facet · e exclude · s sort · < > move
// · [ ] records · y copy link · ? help · Esc back.

const KEYS = [
  ["/", "the query"],
  ["Ctrl+Space", "what may follow in it"],
  ["j, k", "the next, the previous row"],
  ["h, l", "the column before, after"],
  ["Enter", "open the row"],
  ["x", "select the row"],
  ["c", "compare the selected"],
  ["s", "sort by the column"],
  ["f", "facet on the column"],
  ["e", "exclude the value"],
  ["<, >", "move the column to the left, to the right"],
  ["[, ]", "the previous, the next record of the result"],
  ["y", "copy the address"],
  ["Esc", "back"],
];
const RESULT = "smsearch-result";
const PLACE = "smsearch-place";

/** @returns {HTMLTableElement | null} */
function table() {
  return document.querySelector(".matches table.table");
}

/** @returns {HTMLTableRowElement[]} */
function rows() {
  return [...(table()?.tBodies[0]?.rows ?? [])];
}

let row = -1;
let column = 1;

function show() {
  const all = rows();
  all.forEach((one, place) => one.classList.toggle("current", place === row));
  const cell = all[row]?.cells[column];
  if (!cell) return;
  const target = cell.querySelector("a") ?? cell;
  if (target === cell) cell.tabIndex = -1;
  target.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** @param {number} step */
function move(step) {
  const count = rows().length;
  if (!count) return;
  row = row < 0 ? 0 : Math.min(Math.max(row + step, 0), count - 1);
  show();
}

/** @param {number} step */
function moveColumn(step) {
  const count = rows()[0]?.cells.length ?? 0;
  column = Math.min(Math.max(column + step, 1), Math.max(count - 1, 1));
  if (row < 0) row = 0;
  show();
}

/** @returns {HTMLElement | null} */
function heading() {
  const heads = table()?.tHead?.rows[1]?.cells;
  return heads?.[column] ?? null;
}

/** @param {"left" | "right"} side */
function shift(side) {
  const link = [...(heading()?.querySelectorAll("a.move") ?? [])].find((one) =>
    one.getAttribute("aria-label")?.endsWith(side),
  );
  if (!(link instanceof HTMLElement)) return;
  sessionStorage.setItem(PLACE, JSON.stringify([row, column + (side === "left" ? -1 : 1)]));
  link.click();
}

/** After a column has moved, the cursor stands on it where it is now. */
function takePlace() {
  const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  if (!place) return;
  [row, column] = place;
  show();
}

function facet() {
  const name = heading()?.dataset.name;
  if (!name) return;
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.facet"));
  const input = /** @type {HTMLInputElement | null} */ (form?.querySelector("input.name") ?? null);
  if (!form || !input) return;
  input.value = `"${name.replaceAll('"', '""')}"`;
  form.submit();
}

function exclude() {
  const name = heading()?.dataset.name;
  const text = rows()[row]?.cells[column]?.title || rows()[row]?.cells[column]?.textContent?.trim() || "";
  const link = [...document.querySelectorAll(".facet[data-name]")]
    .filter((panel) => panel.getAttribute("data-name") === name)
    .flatMap((panel) => [...panel.querySelectorAll("a")])
    .find((one) => one.getAttribute("aria-label") === `not ${text}`);
  if (link) link.click();
  else facet();
}

function select() {
  const box = /** @type {HTMLInputElement | null} */ (rows()[row]?.querySelector("input[type=checkbox]") ?? null);
  if (box) box.click();
}

function compare() {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.selection"));
  if (form?.querySelector(":checked")) form.submit();
}

/** @param {number} step */
function beside(step) {
  /** @type {string[]} */
  const urls = JSON.parse(sessionStorage.getItem(RESULT) ?? "[]");
  const place = urls.indexOf(location.pathname + location.search);
  const url = place < 0 ? undefined : urls[place + step];
  if (url) location.assign(url);
}

function help() {
  const before = document.querySelector(".keys");
  if (before) return before.remove();
  const box = document.createElement("section");
  box.className = "keys";
  box.setAttribute("aria-label", "Keys");
  const list = document.createElement("dl");
  for (const [key, meaning] of KEYS) {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const words = document.createElement("dd");
    term.textContent = key;
    words.textContent = meaning;
    line.append(term, words);
    list.append(line);
  }
  box.append(list);
  document.body.append(box);
}

/** @type {Record<string, () => unknown>} */
const ACTIONS = {
  "/": () => {
    const input = /** @type {HTMLInputElement | null} */ (document.querySelector("#q"));
    input?.focus();
    input?.select();
  },
  j: () => move(1),
  k: () => move(-1),
  l: () => moveColumn(1),
  h: () => moveColumn(-1),
  x: select,
  c: compare,
  s: () => /** @type {HTMLElement | null} */ (heading()?.querySelector("a.sort") ?? null)?.click(),
  "<": () => shift("left"),
  ">": () => shift("right"),
  f: facet,
  e: exclude,
  "[": () => beside(-1),
  "]": () => beside(1),
  y: () => navigator.clipboard?.writeText(location.href),
  "?": help,
  Escape: () => (document.querySelector(".keys") ? help() : history.back()),
};

/** Enter opens the row wherever in it the focus is. @param {KeyboardEvent} event */
function openRow(event) {
  const isCell = event.target instanceof HTMLTableCellElement;
  if (isCell && row >= 0) rows()[row]?.querySelector("a")?.click();
}

/** A selection is part of the address, so that a colleague's paste shows it. */
function keepSelection() {
  const form = document.querySelector("form.selection");
  form?.addEventListener("change", () => {
    const chosen = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input:checked")]);
    const url = new URL(location.href);
    if (chosen.length) url.searchParams.set("sel", chosen.map((box) => box.value).join(","));
    else url.searchParams.delete("sel");
    history.replaceState(null, "", url);
  });
}

export function listenToKeys() {
  const links = rows().map((one) => one.querySelector("th a")?.getAttribute("href") ?? "");
  if (table()) sessionStorage.setItem(RESULT, JSON.stringify(links));
  keepSelection();
  takePlace();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (target instanceof HTMLInputElement && target.type !== "checkbox") return;
    if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return;
    if (event.key === "Enter") return openRow(event);
    const action = ACTIONS[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
