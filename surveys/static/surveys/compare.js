/* Four ways to look at a survey beside the register: together, before, after, and a curtain between the two. */

import { create } from "../tiles/engine.js";

const OURS = /^(survey|fault)-/;
const REGISTER = /^(parcels|assets|cases)-/;

function visible(map, test, shown) {
  for (const { id } of map.getStyle().layers.filter(({ id }) => test.test(id))) map.setLayoutProperty(id, "visibility", shown ? "visible" : "none");
}

/* The map of the register alone, laid over the other and moved with it. */
async function beforeMap(map, holder, style) {
  const twin = await create(holder, { style, center: map.getCenter(), zoom: map.getZoom(), interactive: false });
  const follow = () => twin.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
  map.on("move", follow);
  map.on("resize", () => twin.resize());
  follow();
  return twin;
}

/* What lies before the line, from the side where reading begins. */
function draw(root, share) {
  const rest = `${100 - share}%`;
  const cut = document.documentElement.dir === "rtl" ? `inset(0 0 0 ${rest})` : `inset(0 ${rest} 0 0)`;
  root.querySelector("[data-before]").style.clipPath = cut;
  root.querySelector("[data-line]").style.insetInlineStart = `${share}%`;
}

/** Wire the buttons and the curtain; `register` is the style of the register alone. */
export function startCompare(map, root, register) {
  const curtain = root.querySelector("[data-curtain]");
  let twin = null;
  const show = async (view) => {
    root.dataset.view = view;
    for (const button of root.querySelectorAll("[data-look]")) button.setAttribute("aria-pressed", String(button.dataset.look === view));
    visible(map, OURS, view !== "before");
    visible(map, REGISTER, view === "both" || view === "before");
    if (view !== "curtain") return;
    twin ??= await beforeMap(map, root.querySelector("[data-before]"), register);
    twin.resize();
    draw(root, Number(curtain.value));
  };
  for (const button of root.querySelectorAll("[data-look]")) button.addEventListener("click", () => show(button.dataset.look));
  curtain.addEventListener("input", () => draw(root, Number(curtain.value)));
}
