// @ts-check
// A button beside each box of code, and for the ARN.

/** @param {HTMLElement} box @param {string} label */
function addButton(box, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy ${label}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.textContent ?? "");
    button.textContent = "Copied";
  });
  box.after(" ", button);
}

export function addCopyButtons() {
  if (!navigator.clipboard) return;
  for (const box of document.querySelectorAll("details.copies pre, details.json pre, #arn")) {
    const heading = box.getAttribute("aria-labelledby");
    const label = (heading && document.getElementById(heading)?.textContent) || box.getAttribute("aria-label") || "the ARN";
    addButton(/** @type {HTMLElement} */ (box), label);
  }
}
