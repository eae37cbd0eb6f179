/* What stands around the map: themes, date, layers, backgrounds, the list, the card. */

import { bounds, go } from "../../tiles/engine.js";
import { CHANGES } from "./style.js";

/** Theme buttons: [data-theme-name]. */
export function startThemes(root, store) {
  const buttons = [...root.querySelectorAll("[data-theme-name]")];
  const mark = () => {
    const known = buttons.some((button) => button.dataset.themeName === store.theme);
    const chosen = known ? store.theme : buttons[0]?.dataset.themeName;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeName === chosen));
  };
  for (const button of buttons) button.addEventListener("click", () => store.set({ theme: button.dataset.themeName }));
  store.on((changed) => { if (changed.has("theme")) mark(); });
  mark();
}

const written = (day) => day.split("-").reverse().join("/");

/* The question the map answers, in words: what was true on a day, or what the register said on it. */
function said(store, words) {
  if (store.since) return words.since.replace("%(since)s", written(store.since)).replace("%(day)s", store.day ? written(store.day) : words.today);
  if (!store.known) return words.truth.replace("%(day)s", written(store.day));
  if (!store.day || store.known === store.day) return words.book.replace("%(day)s", written(store.known));
  return words.both.replace("%(day)s", written(store.day)).replace("%(known)s", written(store.known));
}

/* What the colours of changes mean. */
function changesKey(list, titles) {
  const rows = CHANGES.map(([change, colour]) => {
    const row = document.createElement("li");
    const swatch = document.createElement("i");
    swatch.className = "sw";
    swatch.style.setProperty("--c", `var(--${colour})`);
    row.append(swatch, titles[change]);
    return row;
  });
  list.replaceChildren(...rows);
}

/** The two questions about the past: a day and which of them; the banner says it as long as it holds. */
export function startDate(root, store, words) {
  const menu = root.querySelector("[data-date-menu]");
  const input = menu.querySelector("input[type=date]");
  const questions = [...menu.querySelectorAll("[name=map-ask]")];
  const bar = root.querySelector("[data-past]");
  const key = bar.querySelector("[data-past-key]");
  changesKey(key, words.past.changes);
  const mark = () => {
    const day = store.day || store.known;
    input.value = day;
    for (const question of questions) question.checked = (question.value === "book") === Boolean(store.known);
    menu.querySelector("[data-date]").textContent = day ? written(day) : words.today;
    menu.classList.toggle("past", Boolean(day));
    bar.hidden = !day && !store.since;
    key.hidden = !store.since;
    if (!bar.hidden) bar.querySelector("[data-past-said]").textContent = said(store, { ...words.past, today: words.today });
  };
  const ask = () => {
    const day = input.validity.valid ? input.value : "";
    const book = questions.some((question) => question.checked && question.value === "book");
    store.set({ day, known: book ? day : "" });
  };
  for (const field of [input, ...questions]) field.addEventListener("change", ask);
  for (const button of root.querySelectorAll("[data-today]")) {
    button.addEventListener("click", () => {
      questions[0].checked = true;
      store.set({ day: "", known: "", since: "", sinceKnown: "", place: "" });
      menu.open = false;
    });
  }
  store.on((changed) => { if (["day", "known", "since"].some((key) => changed.has(key))) mark(); });
  mark();
}

function layerRow(template, layer, off, change) {
  const row = template.content.firstElementChild.cloneNode(true);
  const box = row.querySelector("input");
  box.checked = !off.has(layer.name);
  box.addEventListener("change", () => change(layer.name, box.checked));
  row.querySelector("span").textContent = layer.title;
  return row;
}

/** The list of layers with a box each. */
export function drawLayers(root, meta, store) {
  const panel = root.querySelector("[data-layers]");
  const off = new Set(store.off.split(",").filter(Boolean));
  const change = (name, on) => {
    if (on) off.delete(name);
    else off.add(name);
    store.set({ off: [...off].join(",") });
  };
  const rows = meta.map((layer) => layerRow(panel.querySelector("template"), layer, off, change));
  panel.querySelector("[data-rows]").replaceChildren(...rows);
}

/** The choice of background: the map alone, or a picture where there is one. */
export function drawBases(root, metadata, store, words) {
  const panel = root.querySelector("[data-bases]");
  const found = [{ id: "", title: words.map }];
  if (metadata["amlak:base"]) found.push({ id: "base", title: words.picture });
  for (const { name, title } of metadata["amlak:pictures"]) found.push({ id: `ortho-${name}`, title });
  panel.hidden = found.length < 2;
  const rows = found.map(({ id, title }) => {
    const row = panel.querySelector("template").content.firstElementChild.cloneNode(true);
    row.classList.toggle("pic", Boolean(id));
    row.setAttribute("aria-pressed", String(store.base === id));
    row.querySelector("span").textContent = title;
    row.addEventListener("click", () => store.set({ base: id }));
    return row;
  });
  panel.querySelector("[data-rows]").replaceChildren(...rows);
}

function mark(root, id) {
  for (const row of root.querySelectorAll("[data-item]")) {
    if (row.dataset.id !== id) row.removeAttribute("aria-current");
    else {
      row.setAttribute("aria-current", "true");
      row.scrollIntoView({ block: "nearest" });
    }
  }
}

/* Arrow keys walk the rows as J and K do. */
function walk(event) {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  const here = event.target.closest("[data-item]");
  if (!step || !here) return;
  event.preventDefault();
  const row = here[step];
  if (!row?.matches("[data-item]")) return;
  row.focus();
  row.dispatchEvent(new CustomEvent("amlak:item", { bubbles: true }));
}

/** What the card, the legend and the phone's panels leave of the map, as padding for MapLibre. */
export function room(root, card = root.classList.contains("has-card")) {
  const stage = root.querySelector(".stage");
  if (matchMedia("(max-width: 991.98px)").matches) return { top: 64, right: 24, left: 24, bottom: card ? stage.clientHeight * 0.64 : 64 };
  const [start, end] = document.documentElement.dir === "rtl" ? ["right", "left"] : ["left", "right"];
  const taken = card ? (root.querySelector("#card").offsetWidth || 384) + 48 : 48;
  return { top: 64, bottom: 72, [start]: 72, [end]: taken };
}

/** The list beside the map: a row picks its parcel, on the map too; without a map it opens the file. */
export function startList(map, root, store) {
  const list = root.querySelector("#results");
  const form = root.querySelector("[data-search-form]");
  const refine = () => {
    for (const name of ["status", "within"]) form.elements[name].value = store[name];
    form.elements.on.value = store.day;
    form.elements.known.value = store.known;
    form.elements.q.value = store.q;
    form.dispatchEvent(new CustomEvent("refine"));
  };
  const pick = (row) => {
    store.set({ sel: row.dataset.id });
    const box = bounds(row.dataset.bounds);
    if (box) go(map, box, { maxZoom: Math.max(map.getZoom(), 16), padding: room(root, true) });
  };
  list.addEventListener("keydown", walk);
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-item]");
    if (!row || !map || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    pick(row);
    root.dataset.show = "map";
  });
  let waiting = 0;
  list.addEventListener("amlak:item", (event) => {
    clearTimeout(waiting);
    if (!map) return;
    waiting = setTimeout(() => pick(event.target.closest("[data-item]")), 160);
  });
  form.elements.q.addEventListener("input", () => store.set({ q: form.elements.q.value.trim() }));
  form.addEventListener("submit", (event) => { event.preventDefault(); refine(); });
  root.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-status], [data-drop]");
    if (chip?.dataset.drop) store.set({ [chip.dataset.drop]: "" });
    else if (chip) store.set({ status: store.status === chip.dataset.status ? "" : chip.dataset.status });
  });
  list.addEventListener("htmx:afterSwap", () => mark(root, store.sel));
  store.on((changed) => {
    if (["status", "within", "day", "known"].some((key) => changed.has(key))) refine();
    if (changed.has("sel")) mark(root, store.sel);
  });
}

/** The card of the picked parcel; it brings its own bounds. */
export function startCard(map, root, page, store, say) {
  const holder = root.querySelector("#card");
  const close = () => store.set({ sel: "" });
  let first = !store.placed;
  const load = async () => {
    root.classList.toggle("has-card", Boolean(store.sel));
    if (!store.sel) {
      holder.replaceChildren();
      return;
    }
    const given = new URLSearchParams(Object.entries({ on: store.day, known: store.known }).filter(([, day]) => day));
    const query = given.size ? `?${given}` : "";
    const asked = store.sel;
    await globalThis.htmx.ajax("GET", page.urls.card.replace(page.blank, store.sel) + query, { target: holder });
    if (!store.sel) holder.replaceChildren(); // closed while it was on its way
    const card = holder.querySelector("[data-card]");
    if (!card || store.sel !== asked) return;
    say(card.dataset.said);
    const box = bounds(card.dataset.bounds);
    if (first && box) go(map, box, { padding: room(root, true) });
    first = false;
  };
  holder.addEventListener("click", (event) => {
    const card = holder.querySelector("[data-card]");
    if (event.target.closest("[data-close]")) close();
    if (event.target.closest("[data-zoom]")) go(map, bounds(card.dataset.bounds), { maxZoom: 19, padding: room(root, true) });
    const tab = event.target.closest("[role=tab]");
    if (tab) openTab(holder, tab);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && store.sel && !event.defaultPrevented) close();
    const typing = event.target.closest("input,textarea,select");
    if (event.code === "KeyF" && !typing && !event.ctrlKey && holder.querySelector("[data-card]")) {
      const box = bounds(holder.querySelector("[data-card]").dataset.bounds);
      if (box) go(map, box, { maxZoom: 19, padding: room(root, true) });
    }
  });
  store.on((changed) => { if (["sel", "day", "known"].some((key) => changed.has(key))) load(); });
  load();
}

function openTab(holder, tab) {
  for (const each of holder.querySelectorAll("[role=tab]")) {
    const on = each === tab;
    each.setAttribute("aria-selected", String(on));
    each.tabIndex = on ? 0 : -1;
    holder.querySelector(`#${each.getAttribute("aria-controls")}`).hidden = !on;
  }
}
