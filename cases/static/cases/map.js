/* The map of a file: the land in yellow, what was reported or measured in red. JSON script `case-map`. */

import { token } from "../tiles/engine.js";
import { mount, outlined } from "../tiles/smallmap.js";

const page = JSON.parse(document.getElementById("case-map").textContent);

function hurt(source) {
  const area = ["==", ["geometry-type"], "Polygon"];
  return [
    { id: `${source}-tint`, type: "fill", source, filter: area, paint: { "fill-color": token("danger"), "fill-opacity": 0.4 } },
    { id: `${source}-hatch`, type: "fill", source, filter: area, paint: { "fill-pattern": "p-hatch", "fill-opacity": 0.8 } },
    { id: `${source}-edge`, type: "line", source, filter: area, paint: { "line-color": token("danger"), "line-width": 2 } },
    {
      id: `${source}-dot`, type: "circle", source, filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": token("danger"), "circle-radius": 7, "circle-stroke-color": token("pick-in"), "circle-stroke-width": 2 },
    },
  ];
}

const sources = {};
const layers = [];
if (page.land) {
  sources.land = { type: "geojson", data: page.land };
  layers.push(...outlined("land"));
}
for (const [name, data] of Object.entries(page.shapes)) {
  if (name === "measured" && page.shapes.overlap) continue;
  sources[`shape-${name}`] = { type: "geojson", data };
  layers.push(...hurt(`shape-${name}`));
}
mount(document.getElementById("casemap"), { bounds: page.bounds, sources, layers }).then((map) => {
  map.once("idle", () => { document.getElementById("casemap").dataset.ready = "true"; });
});
