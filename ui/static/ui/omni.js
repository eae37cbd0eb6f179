/* The results under the search box: arrows move, Enter opens, Escape closes and gives the focus back. */

function options(box) {
  return [...box.querySelectorAll("#omni-results [role=option]")];
}

function move(box, input, step) {
  const rows = [input, ...options(box)];
  const here = Math.max(rows.indexOf(document.activeElement), 0);
  rows[(here + step + rows.length) % rows.length].focus();
}

function close(box) {
  box.querySelector("#omni-results")?.replaceChildren();
}

function pressed(box, input, event) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!options(box).length) return;
    event.preventDefault();
    move(box, input, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape" && options(box).length) {
    event.preventDefault();
    event.stopPropagation();
    close(box);
    input.focus();
  }
}

export function startOmni() {
  const box = document.querySelector("[data-omni]");
  const input = box?.querySelector("input");
  if (!input) return;
  box.addEventListener("keydown", (event) => pressed(box, input, event));
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target)) close(box);
  });
}
