// @ts-check
// Completion of names and values with counts, and what is wrong with a query, while it is typed.

/** @typedef {{text: string, records?: number}} Choice */

const PAUSE_MS = 250;

/** @param {string} path @param {string} kind @param {string} text @returns {Promise<any>} */
async function ask(path, kind, text) {
  const query = new URLSearchParams({ r: kind, q: text });
  const answer = await fetch(`${path}?${query}`);
  return answer.ok ? answer.json() : {};
}

/** Characters that have no shape or turn the line round are shown as escapes. @param {string} text */
export function visible(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** @param {HTMLInputElement} input */
export function helpTyping(input) {
  const form = /** @type {HTMLFormElement} */ (input.form);
  const output = /** @type {HTMLOutputElement | null} */ (form.querySelector("#while-typing"));
  const list = document.createElement("ul");
  list.className = "choices";
  list.id = "choices";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Completions");
  list.hidden = true;
  form.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "choices");
  input.setAttribute("aria-expanded", "false");
  /** @type {Choice[]} */
  let choices = [];
  let start = 0;
  let current = -1;
  let turn = 0;
  /** @type {number | undefined} */
  let timer;

  const kind = () => {
    const select = form.elements.namedItem("r");
    return select instanceof HTMLSelectElement ? select.value : "";
  };

  function close() {
    list.hidden = true;
    choices = [];
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function show() {
    list.replaceChildren(
      ...choices.map((choice, place) => {
        const item = document.createElement("li");
        item.id = `choice-${place}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", String(place === current));
        const word = document.createElement("span");
        word.textContent = visible(choice.text);
        const count = document.createElement("span");
        count.textContent = choice.records === undefined ? "" : choice.records.toLocaleString("en");
        item.append(word, count);
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          take(place);
        });
        return item;
      }),
    );
    list.hidden = choices.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (current >= 0) input.setAttribute("aria-activedescendant", `choice-${current}`);
    else input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} place */
  function take(place) {
    const end = input.selectionStart ?? input.value.length;
    const rest = input.value.slice(end);
    const before = `${input.value.slice(0, start)}${choices[place].text} `;
    input.value = before + rest.trimStart();
    input.setSelectionRange(before.length, before.length);
    close();
    check();
  }

  async function complete() {
    const mine = ++turn;
    const typed = input.value.slice(0, input.selectionStart ?? input.value.length);
    const answer = await ask("/complete", kind(), typed);
    if (mine !== turn) return;
    choices = answer.choices ?? [];
    start = answer.start ?? 0;
    current = -1;
    show();
  }

  function check() {
    window.clearTimeout(timer);
    timer = window.setTimeout(async () => {
      const text = input.value;
      if (!output) return;
      if (!text.trim()) {
        output.value = "";
        return;
      }
      const answer = await ask("/check", kind(), text);
      if (text !== input.value) return;
      const isUnfinished = /ends too early/.test(answer.message ?? "");
      output.value = answer.message && !isUnfinished ? visible(`${answer.message} ${answer.hint ?? ""}`) : "";
    }, PAUSE_MS);
  }

  input.addEventListener("input", () => {
    check();
    complete();
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      complete();
    } else if (event.key === "Escape") {
      if (list.hidden) input.blur();
      close();
    } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      current = (current + step + choices.length) % choices.length;
      show();
    } else if (!list.hidden && (event.key === "Tab" || (event.key === "Enter" && current >= 0))) {
      event.preventDefault();
      take(Math.max(current, 0));
    }
  });
}
