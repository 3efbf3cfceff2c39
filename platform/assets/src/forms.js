// Small courtesies of forms: ask before what cannot be undone, apply filters at once, print, go to the errors.
import { onPage } from "./page.js";

let dialog;

/** Asks in a native dialog; resolves to whether the person went on. */
function ask(title, text, action) {
  dialog ??= document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "dialogo-titulo");
  const heading = document.createElement("h2");
  heading.id = "dialogo-titulo";
  heading.textContent = title;
  const body = document.createElement("p");
  body.textContent = text ?? "";
  const go = document.createElement("button");
  go.className = "button button--danger";
  go.value = "go";
  go.textContent = action ?? "Continuar";
  const stay = document.createElement("button");
  stay.className = "button button--secondary";
  stay.value = "";
  stay.textContent = "Volver sin cambiar nada";
  stay.autofocus = true;
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "dialog__actions";
  form.append(go, stay);
  dialog.replaceChildren(heading, ...(text ? [body] : []), form);
  document.body.append(dialog);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "go"), { once: true }));
}

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const asking = event.submitter?.closest("[data-confirm]") ?? form.closest("[data-confirm]");
    if (!asking || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { confirm, confirmText, confirmAction } = asking.dataset;
    if (!(await ask(confirm, confirmText, confirmAction ?? event.submitter?.textContent))) {
      return event.submitter?.focus();
    }
    // Tells the server that the question was answered, so that it does not show its own page for it.
    const answer = Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "1" });
    form.append(answer);
    form.dataset.confirmed = "1";
    form.requestSubmit(event.submitter);
    delete form.dataset.confirmed;
    answer.remove();
  },
  true,
);

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) {
    form.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const link = event.target.closest("[data-error-summary] a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) {
    event.preventDefault();
    (field.closest(".field") ?? field).scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  }
});

// A browser hides the closed drawers when printing; on paper they are part of the page.
window.addEventListener("beforeprint", () => {
  for (const drawer of document.querySelectorAll("details.drawer:not([open]), details.tip:not([open])")) {
    drawer.open = true;
    drawer.dataset.printed = "";
  }
});
window.addEventListener("afterprint", () => {
  for (const drawer of document.querySelectorAll("details[data-printed]")) {
    drawer.open = false;
    delete drawer.dataset.printed;
  }
});

let greeted = null;
onPage((root) => {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary || summary === greeted) return;
  greeted = summary;
  summary.focus();
});
