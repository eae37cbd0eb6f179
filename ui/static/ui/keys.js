/* Keys go by their place (event.code), so they work under an Arabic layout; they rest while typing; they can be switched off.
   A list takes part by data-list on the frame and data-item on each row; a row's link opens, data-map shows it on the map. */

const STORE = "amlak.keys";
const CHORD_MS = 1500;
let chordUntil = 0;

function typing(target) {
  return target.closest("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable=true]") !== null;
}

function lettersOn() {
  return localStorage.getItem(STORE) !== "off";
}

function focusSearch() {
  const box = document.querySelector("[data-omni] input, [data-search]");
  if (!box) return false;
  box.focus();
  box.select?.();
  return true;
}

function items() {
  return [...document.querySelectorAll("[data-list] [data-item]")].filter((row) => row.offsetParent !== null);
}

function currentItem() {
  return document.activeElement?.closest("[data-item]") ?? document.querySelector("[data-item][aria-current=true]");
}

function move(step) {
  const rows = items();
  if (!rows.length) return false;
  const here = rows.indexOf(currentItem());
  const row = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
  const target = row.matches("a,button,[tabindex]") ? row : (row.querySelector("a,button") ?? row.querySelector("input"));
  target?.focus();
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new CustomEvent("amlak:item", { bubbles: true }));
  return true;
}

function toggle() {
  const box = currentItem()?.querySelector("input[type=checkbox]");
  if (!box) return false;
  box.click();
  return true;
}

/** Tick every line of the page, or none when all are ticked. */
export function tickAll() {
  const boxes = items().flatMap((row) => [...row.querySelectorAll("input[type=checkbox]")]);
  if (!boxes.length) return false;
  const on = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = on;
  const head = document.querySelector("[data-tick-all]");
  if (head) head.checked = on;
  return true;
}

function startTickAll() {
  document.querySelector("[data-tick-all]")?.addEventListener("change", (event) => {
    const on = event.target.checked;
    for (const row of items()) for (const box of row.querySelectorAll("input[type=checkbox]")) box.checked = on;
  });
}

function showOnMap() {
  const address = currentItem()?.dataset.map ?? document.querySelector("main [data-map]")?.dataset.map;
  if (!address) return false;
  location.assign(address);
  return true;
}

function acts() {
  const place = document.querySelector("[data-acts]");
  if (!place) return false;
  place.scrollIntoView({ block: "nearest" });
  (place.querySelector("a,button,summary") ?? place).focus();
  return true;
}

function help() {
  document.getElementById("keys-dialog")?.showModal();
  return true;
}

function goTo(code) {
  const link = document.querySelector(`.rail [data-key="${CSS.escape(code)}"]`);
  chordUntil = 0;
  if (!link) return false;
  link.click();
  return true;
}

function startChord() {
  chordUntil = Date.now() + CHORD_MS;
  return true;
}

const LETTERS = {
  KeyG: startChord,
  KeyJ: () => move(1),
  KeyK: () => move(-1),
  KeyX: toggle,
  KeyA: tickAll,
  KeyM: showOnMap,
  Period: acts,
};

function letter(event) {
  if (!lettersOn() || typing(event.target) || document.querySelector("dialog[open]")) return false;
  if (event.code === "Slash") return event.shiftKey ? help() : focusSearch();
  if (event.shiftKey) return false;
  if (Date.now() < chordUntil) return goTo(event.code);
  return LETTERS[event.code]?.() ?? false;
}

function pressed(event) {
  if (event.defaultPrevented || event.altKey) return;
  const withControl = event.ctrlKey || event.metaKey;
  const done = withControl ? event.code === "KeyK" && focusSearch() : letter(event);
  if (done) event.preventDefault();
}

function startSwitch() {
  const box = document.querySelector("[data-keys-switch]");
  if (!box) return;
  box.checked = lettersOn();
  box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
}

export function startKeys() {
  document.addEventListener("keydown", pressed);
  startSwitch();
  startTickAll();
}
