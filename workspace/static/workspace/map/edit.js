/* Editing of boundaries: what is chosen and typed goes to the server, which works it out; what comes back is drawn with its areas.
   Nothing is written before it is proposed, and nothing changes before another officer accepts it. */

const SHAPE = { SPLIT: "line", BOUNDARY: "line", DRAW: "polygon", CORNER: "point" }; // what is drawn for each kind
const REACH_PX = 12;

function headers() {
  return { "Content-Type": "application/json", Accept: "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
}

async function ask(address, body) {
  const answer = await fetch(address, { method: body ? "POST" : "GET", headers: headers(), body: body && JSON.stringify(body) });
  const found = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(found.detail ?? String(answer.status)), { refused: true, found });
  return found;
}

function cell(text, tag = "td", name = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}

function figure(area) {
  return area === null ? "—" : Number(area).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function ledger(fqs, words) {
  if (!fqs) return words.ends;
  return [[fqs.feddan, words.feddan], [fqs.qirat, words.qirat], [Number(fqs.sahm), words.sahm]].map(([n, unit]) => `${n}${unit}`).join(" ");
}

/* A row of the preview; a parcel that comes to be has a field for its number. */
function previewRow(shape, words) {
  const row = document.createElement("tr");
  const named = cell(shape.parcel ? shape.number : "", "th");
  named.scope = "row";
  if (!shape.parcel) {
    const field = Object.assign(document.createElement("input"), { value: shape.number, maxLength: 60, size: 8 });
    field.dataset.number = "";
    field.setAttribute("aria-label", words.number);
    named.append(field);
  }
  row.append(named, cell(figure(shape.area_before_m2), "td", "n num"), cell(figure(shape.area_after_m2), "td", "n num"), cell(ledger(shape.fqs_after, words)));
  return row;
}

function told(one, words) {
  return (words.told[one.code] ?? one.code).replace(/%\((\w+)\)s/g, (_all, name) => `\u2068${one[name] ?? ""}\u2069`); // codes keep their own direction
}

function feature(shape, label) {
  return { type: "Feature", properties: { label }, geometry: shape };
}

/** The lines of a field with many: one a line, or parted by commas. */
export function listed(text) {
  return text.split(/[\n،,;]+/).map((part) => part.trim()).filter(Boolean);
}

/** What the form says, as the API takes it; fields of other kinds are left out. */
export function bodyOf(form, parcels, tool) {
  const value = (name) => form.elements[name].value.trim();
  const kind = value("kind");
  const body = { kind, parcels, on: value("on"), snap: form.elements.snap.checked };
  if (SHAPE[kind]) body.points = tool.corners;
  if (kind === "MERGE") body.holes = form.elements.holes.checked;
  if (kind === "CUT") {
    const from = value("side");
    if (from === "bearing") body.bearing = Number(value("side_bearing"));
    else body.side = from;
    body[value("by")] = listed(value("pieces"));
  }
  if (kind === "CORNER" && value("how") === "typed") Object.assign(body, { to: [Number(value("east")), Number(value("north"))], to_crs: value("belt") });
  if (kind === "CORNER" && value("how") === "polar") Object.assign(body, { bearing: Number(value("bearing")), distance: Number(value("distance")) });
  return body;
}

/* Corners of the chosen parcels and their neighbours, for the hand to fall on. */
async function cornersAround(ids, page) {
  const found = await Promise.all(ids.flatMap((id) => [ask(`${page.parcels}${id}/`), ask(`${page.parcels}${id}/neighbours/`)]));
  const features = found.flatMap((one) => one.features ?? [one]);
  return features.flatMap(({ geometry }) => (geometry?.type === "MultiPolygon" ? geometry.coordinates.flat(2) : []));
}

function snapTo(map, corners) {
  return (point) => {
    const here = map.project(point);
    const near = corners.map((corner) => ({ corner, far: map.project(corner).dist(here) })).filter(({ far }) => far <= REACH_PX);
    return near.sort((a, b) => a.far - b.far)[0]?.corner ?? null;
  };
}

class Panel {
  constructor(root, page, store, tool, map, say) {
    Object.assign(this, { root, page, store, tool, map, say, chosen: new Map(), preview: null });
    this.form = root.querySelector("[data-editing]");
    this.note = this.form.querySelector("[data-edit-note]");
    this.result = this.form.querySelector("[data-edit-result]");
  }

  open(on) {
    this.form.hidden = !on;
    this.root.classList.toggle("is-editing", on);
    for (const button of this.root.querySelectorAll("[data-edit-open]")) button.setAttribute("aria-expanded", String(on));
    if (on) {
      if (this.store.sel && !this.chosen.size) this.choose(this.store.sel);
      this.form.elements.kind.focus();
    } else {
      this.tool.snap = null;
      this.tool.start("");
      this.tool.also([]);
    }
  }

  tell(text, bad = false) {
    this.note.textContent = text;
    this.note.classList.toggle("danger", bad);
    this.note.hidden = !text;
    if (text) this.say(text);
  }

  async attempt(act) {
    try {
      await act();
    } catch (error) {
      if (!error.refused) throw error;
      this.forget();
      this.tell(error.message, true);
    }
  }

  /* What was previewed is no longer what the form says. */
  forget() {
    this.preview = null;
    this.result.hidden = true;
    this.tool.also([]);
  }

  async choose(id) {
    if (!id || this.chosen.has(id)) return;
    await this.attempt(async () => {
      const { properties } = await ask(`${this.page.parcels}${id}/`);
      this.chosen.set(id, properties.number ?? properties.parcel_no_raw ?? properties.parcel_code);
      this.list();
      this.tool.snap = snapTo(this.map, await cornersAround([...this.chosen.keys()], this.page));
    });
  }

  list() {
    this.forget();
    const rows = [...this.chosen].map(([id, number]) => {
      const chip = cell(`${number} ×`, "button", "chip on");
      chip.type = "button";
      chip.setAttribute("aria-label", `${this.page.words.drop} ${number}`);
      chip.addEventListener("click", () => { this.chosen.delete(id); this.list(); });
      return chip;
    });
    this.form.querySelector("[data-edit-chosen]").replaceChildren(...rows);
  }

  kinds() {
    const { value } = this.form.elements.kind;
    if (this.kind !== value) this.tool.start(""); // what was drawn for another kind is no line of this one
    this.kind = value;
    const chosen = { kind: value, how: this.form.elements.how.value, side: this.form.elements.side.value };
    for (const part of this.form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(value);
    for (const part of this.form.querySelectorAll("[data-when]")) {
      const [name, wanted] = part.dataset.when.split("=");
      part.hidden = chosen[name] !== wanted;
    }
    this.forget();
  }

  draw() {
    this.forget();
    this.tool.start(SHAPE[this.form.elements.kind.value] ?? "");
    this.map.getCanvas().focus();
  }

  /* The way along the picked neighbour between the last two points. */
  trace() {
    return this.attempt(async () => {
      const [start, end] = this.tool.corners.slice(-2);
      if (!end || !this.store.sel) return this.tell(this.page.words.trace, true);
      const body = { parcel: this.store.sel, on: this.form.elements.on.value, start, end };
      const { points } = await ask(this.page.trace, body);
      this.tool.splice(this.tool.corners.length - 2, points);
      return this.tell("");
    });
  }

  work() {
    return this.attempt(async () => {
      const body = bodyOf(this.form, [...this.chosen.keys()], this.tool);
      const found = await ask(this.page.preview, body);
      this.preview = { body, found };
      const { words } = this.page;
      const shown = found.shapes.filter(({ after }) => after);
      this.tool.also(shown.map((shape) => feature(shape.after, `${shape.number}\n${figure(shape.area_after_m2)}`)));
      this.result.querySelector("tbody").replaceChildren(...found.shapes.map((shape) => previewRow(shape, words)));
      this.result.querySelector("[data-edit-told]").replaceChildren(...found.told.map((one) => cell(told(one, words), "li")));
      this.result.hidden = false;
      this.tell(words.worked);
      this.result.scrollIntoView({ block: "nearest" });
    });
  }

  propose() {
    if (!this.preview) return this.work();
    return this.attempt(async () => {
      const { body, found } = this.preview;
      const versions = found.shapes.filter(({ parcel }) => parcel).map(({ parcel, row_version }) => ({ parcel, row_version }));
      const numbers = [...this.result.querySelectorAll("[data-number]")].map((field) => field.value.trim());
      const said = { basis: this.form.elements.basis.value, reason: this.form.elements.reason.value, versions };
      const made = await ask(this.page.edits, { ...body, ...said, ...(numbers.length ? { numbers } : {}) });
      location.assign(this.page.page.replace(this.page.blank, made.id));
    });
  }
}

/** Wire the panel ([data-editing]) where the person may edit. */
export function startEditing(root, page, store, tool, map, say) {
  if (!page.editing) return;
  const panel = new Panel(root, page.editing, store, tool, map, say);
  const { form } = panel;
  const acts = { draw: "draw", trace: "trace", preview: "work", close: "close", add: "add" };
  panel.add = () => panel.choose(store.sel);
  panel.close = () => panel.open(false);
  for (const button of root.querySelectorAll("[data-edit-open]")) button.addEventListener("click", () => panel.open(form.hidden));
  for (const button of form.querySelectorAll("[data-edit]")) button.addEventListener("click", () => panel[acts[button.dataset.edit]]());
  form.addEventListener("change", (event) => { if (!event.target.matches("[data-number], [name=basis], [name=reason]")) panel.kinds(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); panel.propose(); });
  panel.kinds();
  if (new URLSearchParams(location.search).has("edit")) panel.open(true);
}
