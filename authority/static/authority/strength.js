/* What a password is worth, in plain words while it is typed; the server decides. */
const GOOD = 20;
const DISTINCT = 5;

function words(text, least, told) {
  if (!text) return "";
  if ([...text].length < least) return told.short;
  if (new Set(text.toLowerCase()).size < DISTINCT) return told.same;
  return [...text].length < GOOD ? told.enough : told.good;
}

for (const output of document.querySelectorAll("[data-strength-of]")) {
  const box = document.getElementById(output.dataset.strengthOf);
  box?.addEventListener("input", () => {
    output.textContent = words(box.value, Number(box.dataset.strength), output.dataset);
  });
}
