// @ts-check
// Saved views: addresses by name, kept in this browser alone. The list opens below a button of the heading.

const KEPT = "smsearch-views";
const SCREENS = ["/search", "/record", "/compare", "/schema", "/why"];

/** An address of this page, and nothing else that a link could be. @param {unknown} url */
function isScreen(url) {
  return typeof url === "string" && SCREENS.some((path) => url === path || url.startsWith(`${path}?`));
}

/** @returns {Map<string, string>} */
function read() {
  try {
    const kept = Object.entries(JSON.parse(localStorage.getItem(KEPT) ?? "{}"));
    return new Map(kept.filter(([, url]) => isScreen(url)));
  } catch {
    return new Map();
  }
}

/** @param {Map<string, string>} views */
function write(views) {
  localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(views)));
}

/** @param {string} text @param {string} label @param {() => void} act */
function button(text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

/** @param {HTMLUListElement} list */
function fill(list) {
  list.replaceChildren();
  for (const [name, url] of read()) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = url;
    link.textContent = name;
    const forget = button("×", `Forget ${name}`, () => {
      const views = read();
      views.delete(name);
      write(views);
      fill(list);
    });
    item.append(link, " ", forget);
    list.append(item);
  }
}

/** @param {HTMLUListElement} list */
function saving(list) {
  const form = document.createElement("form");
  const label = document.createElement("label");
  const words = document.createElement("span");
  words.textContent = "Name of this view";
  const input = document.createElement("input");
  input.required = true;
  input.maxLength = 100;
  label.append(words, input);
  const save = document.createElement("button");
  save.textContent = "Save";
  form.append(label, save);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    write(read().set(input.value, location.pathname + location.search));
    input.value = "";
    fill(list);
  });
  return form;
}

export function showViews() {
  const navigation = document.querySelector("header nav");
  if (!navigation) return;
  const box = document.createElement("details");
  box.className = "views";
  const summary = document.createElement("summary");
  summary.textContent = "Views";
  const list = document.createElement("ul");
  list.className = "plain";
  const panel = document.createElement("div");
  panel.append(list);
  if (isScreen(location.pathname + location.search)) panel.append(saving(list));
  panel.append(button("Copy all as JSON", "Copy all views as JSON", () => {
    void navigator.clipboard?.writeText(JSON.stringify(Object.fromEntries(read()), null, 2));
  }));
  box.append(summary, panel);
  fill(list);
  navigation.append(box);
}
