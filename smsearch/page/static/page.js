// @ts-check
// The page works without a script; this one adds what hands on a keyboard want. It asks this server alone.

import { helpTyping } from "./typing.js";
import { brushHistograms } from "./brush.js";
import { addCopyButtons } from "./copy.js";
import { listenToKeys } from "./keys.js";
import { showViews } from "./views.js";

for (const input of document.querySelectorAll("input#q")) {
  helpTyping(/** @type {HTMLInputElement} */ (input));
}
brushHistograms();
addCopyButtons();
listenToKeys();
showViews();
