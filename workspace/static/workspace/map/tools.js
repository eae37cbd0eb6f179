/* The drawing's own panel: what is being drawn, how large it is, and what can be done with it. */

import { areaOf, asText, crosses, ledgerOf, lengthOf, makeDrawing } from "../../tiles/draw.js";

function figures({ kind, corners }, words) {
  if (kind === "polygon" && corners.length > 2) return `${areaOf(corners).toLocaleString("en-US", { maximumFractionDigits: 0 })} ${words.m2}`;
  if (kind === "line" && corners.length > 1) return `${lengthOf(corners).toLocaleString("en-US", { maximumFractionDigits: 1 })} ${words.m}`;
  return "";
}

/* Feddan, qirat and sahm in the ruled cells of the register. */
function drawLedger(holder, { kind, corners }) {
  holder.hidden = kind !== "polygon" || corners.length < 3;
  if (holder.hidden) return;
  const [feddan, qirat, sahm] = ledgerOf(areaOf(corners));
  for (const [name, value] of Object.entries({ feddan, qirat, sahm })) {
    holder.querySelector(`[data-${name}]`).textContent = value.toLocaleString("en-US");
  }
}

function advice({ kind, corners, done }, words) {
  if (done && kind === "polygon" && crosses(corners)) return words.crossing;
  if (done) return words.done[kind];
  return corners.length ? words.going[kind] : words.begin[kind];
}

/* The parcel below the drawing: the one under its first corner, else the picked one. */
function parcelBelow(map, corners, picked) {
  const layers = ["parcels-fill"].filter((name) => map.getLayer(name));
  const [found] = corners.length && layers.length ? map.queryRenderedFeatures(map.project(corners[0]), { layers }) : [];
  return found?.properties.id ?? picked;
}

function reportAddress(page, map, tool, picked) {
  const query = new URLSearchParams();
  const parcel = parcelBelow(map, tool.corners, picked);
  if (parcel) query.set("parcel", parcel);
  if (tool.kind === "point") {
    query.set("lon", tool.corners[0][0].toFixed(8));
    query.set("lat", tool.corners[0][1].toFixed(8));
  }
  query.set("geom", asText(tool.corners));
  return `${page.urls.report}?${query}`;
}

/** Wire the tool buttons ([data-tool]) and the panel ([data-drawn]); returns the drawing. */
export function startTools(map, root, page, store) {
  const panel = root.querySelector("[data-drawn]");
  const buttons = [...root.querySelectorAll("[data-tool]")];
  const report = panel.querySelector("[data-report]");
  const inside = panel.querySelector("[data-inside]");
  const told = (tool) => {
    panel.hidden = !tool.kind;
    root.classList.toggle("is-drawing", Boolean(tool.kind));
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.tool === tool.kind));
    if (!tool.kind) return;
    const sound = tool.done && tool.kind !== "line" && !(tool.kind === "polygon" && crosses(tool.corners));
    panel.querySelector("[data-advice]").textContent = advice(tool, page.words.draw);
    panel.querySelector("[data-figures]").textContent = figures(tool, page.words.draw);
    drawLedger(panel.querySelector("[data-ledger]"), tool);
    report.hidden = !sound || !page.urls.report;
    inside.hidden = !(sound && tool.kind === "polygon");
    panel.querySelector("[data-finish]").hidden = tool.done || tool.kind === "point" || tool.corners.length < (tool.kind === "line" ? 2 : 3);
    panel.querySelector("[data-undo]").hidden = !tool.corners.length;
    if (sound) report.href = reportAddress(page, map, tool, store.sel);
  };
  const tool = makeDrawing(map, told);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      tool.start(tool.kind === button.dataset.tool ? "" : button.dataset.tool);
      if (tool.kind) map.getCanvas().focus();
    });
  }
  panel.querySelector("[data-finish]").addEventListener("click", () => tool.finish());
  panel.querySelector("[data-undo]").addEventListener("click", () => tool.undo());
  panel.querySelector("[data-clear]").addEventListener("click", () => tool.start(""));
  inside.addEventListener("click", () => {
    store.set({ within: asText(tool.corners) });
    tool.start("");
  });
  told(tool);
  return tool;
}
