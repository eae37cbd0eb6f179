/* The legend: true swatches of the theme, with how many are in view. */

function unique(features, key) {
  const seen = new Map();
  features.forEach((feature, index) => seen.set(feature.properties[key] ?? `#${index}`, feature.properties));
  return [...seen.values()];
}

function single(map, layer, attribute) {
  const drawn = map.getLayer(`${layer.name}-fill`) ? [`${layer.name}-fill`] : [];
  if (!drawn.length) return {};
  const counts = {};
  for (const properties of unique(map.queryRenderedFeatures({ layers: drawn }), layer.id)) {
    const value = properties[attribute] ?? "";
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

/* Places whose middle is in view, each with its counts; one place may come from several tiles. */
function byPlace(map, layer) {
  const source = map.getSource(layer.name) && `${layer.name}_counts`;
  const counts = {};
  if (!source) return counts;
  const seen = new Map();
  const box = map.getBounds();
  for (const feature of map.querySourceFeatures(layer.name, { sourceLayer: source })) {
    if (box.contains(feature.geometry.coordinates)) seen.set(feature.properties.id, feature.properties);
  }
  for (const { counts: told } of seen.values()) {
    for (const [value, count] of Object.entries(JSON.parse(told))) counts[value] = (counts[value] ?? 0) + count;
  }
  return counts;
}

/** How many features of each value are in view; `null` where the theme is not known at this zoom. */
export function countsInView(map, layer, theme) {
  const near = single(map, layer, theme.attribute);
  if (Object.keys(near).length || map.getZoom() >= layer.minzoom) return near;
  return layer.counted && theme === layer.themes[0] ? byPlace(map, layer) : null;
}

function line(template, { title, colour, pattern }, count) {
  const row = template.content.firstElementChild.cloneNode(true);
  const swatch = row.querySelector(".sw");
  swatch.style.setProperty("--c", colour);
  if (pattern) swatch.classList.add(pattern);
  row.querySelector("[data-title]").textContent = title;
  row.querySelector("[data-count]").textContent = count === null ? "" : count.toLocaleString("en-US");
  return row;
}

/** Draw the legend of a theme into its card. */
export function drawLegend(root, theme, counts, words) {
  root.hidden = !theme;
  if (!theme) return;
  const known = new Set(theme.lines.flatMap(({ values }) => values));
  const sum = (values) => (counts ? values.reduce((total, value) => total + (counts[value] ?? 0), 0) : null);
  const other = counts ? Object.keys(counts).filter((value) => !known.has(value)) : [];
  const template = root.querySelector("template");
  const rows = theme.lines.map((each) => line(template, each, sum(each.values)));
  if (other.length) rows.push(line(template, { title: words.other, colour: "var(--q-na)", pattern: "" }, sum(other)));
  root.querySelector("[data-legend-title]").textContent = theme.title;
  root.querySelector("[data-lines]").replaceChildren(...rows);
}
