/* The shell: menus, dialogs, toasts, announcements, keys. Loaded by every page. */
import { startDialogs } from "./dialogs.js";
import { startKeys } from "./keys.js";
import { startOmni } from "./omni.js";
import { startToasts } from "./toasts.js";

/** Say something to people who hear the page. */
export function announce(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

/** Close menus (<details class="menu">) on a click elsewhere and on Escape, giving the focus back. */
function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" ? document.querySelector("details.menu[open]") : null;
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/** Put the focus on the summary of errors where there is one. */
function focusErrors() {
  document.querySelector("[data-focus]")?.focus();
}

/** The eye beside a password. */
function startEyes() {
  for (const button of document.querySelectorAll("[data-reveal]")) {
    const input = document.getElementById(button.dataset.reveal);
    button.addEventListener("click", () => {
      const hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      button.setAttribute("aria-pressed", String(hidden));
    });
  }
}

/** A change of a control marked data-submit sends its form. */
function startAutoSubmit() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
}

/** htmx: announce what was swapped in, keep the focus where it was. */
function startSwaps() {
  let focused = "";
  document.body.addEventListener("htmx:beforeSwap", () => { focused = document.activeElement?.id ?? ""; });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const said = event.detail.target.querySelector?.("[data-announce]");
    if (said) announce(said.dataset.announce);
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
  });
}

/** What scrolls by itself can be reached and scrolled by keys. */
function startScrolls() {
  const mark = () => {
    for (const frame of document.querySelectorAll(".tbx,.lscroll,.trk,[data-scrolls]")) {
      const scrolls = frame.scrollWidth > frame.clientWidth + 1 || frame.scrollHeight > frame.clientHeight + 1;
      if (scrolls) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", mark);
  document.body.addEventListener("htmx:afterSettle", mark);
  mark();
}

/** Lanes of time that do not fit begin at today, not at the oldest year. */
function startLanes() {
  for (const frame of document.querySelectorAll(".lscroll")) {
    const today = frame.querySelector(".now");
    if (!today || frame.scrollWidth <= frame.clientWidth) continue;
    const away = today.getBoundingClientRect().left - frame.getBoundingClientRect().left;
    frame.scrollLeft += away - frame.clientWidth / 2;
  }
}

/** A button marked data-print prints the page. */
function startPrint() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}

startMenus();
startDialogs();
startToasts();
startKeys();
startEyes();
startAutoSubmit();
startSwaps();
startPrint();
startScrolls();
startLanes();
startOmni();
focusErrors();
