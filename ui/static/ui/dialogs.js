/* Native dialogs: opened by data-dialog="id", closed by data-dialog-close or Escape; the focus goes back by itself. */

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  dialog.showModal();
}

/** The act's button opens when exactly the number asked for is typed. */
function followTyping(input) {
  const submit = input.form.querySelector("button:not([type=button])");
  const check = () => { submit.disabled = input.value.trim() !== input.dataset.confirm; };
  input.addEventListener("input", check);
  check();
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) openDialog(opener.dataset.dialog);
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
  });
  for (const input of document.querySelectorAll("[data-confirm]")) followTyping(input);
}
