/* Coordinates under the cursor: WGS 84 and the belt, each with its labels and the system's name; the scale bar. */

import { toBelt } from "../../tiles/projection.js";

const STEPS = [1, 2, 5];

function grouped(value) {
  return Math.round(value).toLocaleString("en-US");
}

/** "30.59650 N · 32.27230 E" */
export function wgs84(lon, lat) {
  return `${Math.abs(lat).toFixed(6)} ${lat < 0 ? "S" : "N"} · ${Math.abs(lon).toFixed(6)} ${lon < 0 ? "W" : "E"}`;
}

/** "736,863 E · 876,797 N" and the belt's code. */
export function belt(lon, lat) {
  const { code, e, n } = toBelt(lon, lat);
  return { code, text: `${grouped(e)} E · ${grouped(n)} N` };
}

/** A round length and its width in pixels, at most `room` wide. */
export function scaleOf(metresPerPixel, room = 110) {
  const most = metresPerPixel * room;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = power * [...STEPS].reverse().find((step) => step * power <= most);
  return { metres, pixels: metres / metresPerPixel };
}

/** Metres on the ground to a pixel in the middle of the map. */
export function metresPerPixel(map) {
  const { lat } = map.getCenter();
  return (40075016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
}

/** Keep the read-out in step with pointer and map. */
export function startCoordinates(map, root, words) {
  const bar = root.querySelector("[data-scale]");
  const label = root.querySelector("[data-scale-text]");
  const place = (lngLat) => {
    const there = belt(lngLat.lng, lngLat.lat);
    root.querySelector("[data-wgs]").textContent = wgs84(lngLat.lng, lngLat.lat);
    root.querySelector("[data-belt]").textContent = there.text;
    root.querySelector("[data-belt-name]").textContent = words.belts[there.code];
  };
  const measure = () => {
    const { metres, pixels } = scaleOf(metresPerPixel(map));
    bar.style.width = `${pixels.toFixed(1)}px`;
    label.textContent = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  };
  map.on("mousemove", (event) => place(event.lngLat));
  map.on("move", measure);
  map.on("moveend", () => { if (!root.matches(":hover")) place(map.getCenter()); });
  place(map.getCenter());
  measure();
}
