/* Toasts: one line, at most three, ten seconds; errors are never toasts. */

const SECONDS = 10;
const MOST = 3;

function frame() {
  return document.querySelector("[data-toasts]");
}

function drop(element) {
  element.remove();
}

function trim(box) {
  while (box.children.length > MOST) drop(box.firstElementChild);
}

/** Show a line; `undo` is called when the person takes it back. */
export function toast(text, { undo } = {}) {
  const box = frame();
  if (!box) return;
  const line = document.createElement("div");
  line.className = "toast2";
  line.setAttribute("role", "status");
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = text;
  line.append(words);
  if (undo) line.append(undoButton(box.dataset.undo, () => { drop(line); undo(); }));
  box.append(line);
  trim(box);
  setTimeout(() => drop(line), SECONDS * 1000);
}

function undoButton(word, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = word;
  button.addEventListener("click", act);
  return button;
}

export function startToasts() {
  for (const line of document.querySelectorAll("[data-toast]")) setTimeout(() => drop(line), SECONDS * 1000);
}
