// Uploads that show how far they are and do not lose the file when the line breaks: <form data-upload enctype="multipart/form-data">.
// The server answers exactly as it does without this: a redirect, or the page again with its errors.
import { csrfHeaders, showPage } from "./page.js";

const sizes = new Intl.NumberFormat("es-CL", { maximumFractionDigits: 1 });
const size = (bytes) =>
  bytes < 1e6 ? `${sizes.format(Math.max(1, Math.round(bytes / 1e3)))} kB` : `${sizes.format(bytes / 1e6)} MB`;

const partsOf = (form) => {
  const panel = form.querySelector("[data-upload-panel]");
  return {
    panel,
    bar: panel?.querySelector("progress"),
    text: panel?.querySelector("[data-upload-text]"),
    retry: panel?.querySelector("[data-upload-retry]"),
  };
};

function tell(form, words, { kind = "", percent = null, again = false } = {}) {
  const { panel, bar, text, retry } = partsOf(form);
  if (!panel) return;
  panel.hidden = false;
  panel.dataset.kind = kind;
  text.textContent = words;
  bar.hidden = percent === null;
  if (percent !== null) bar.value = percent;
  retry.hidden = !again;
}

function tooBig(form) {
  for (const input of form.querySelectorAll("input[type=file][data-max-mb]")) {
    for (const file of input.files) {
      if (file.size > Number(input.dataset.maxMb) * 1e6) return { file, limit: input.dataset.maxMb };
    }
  }
  return null;
}

function send(form, submitter) {
  const big = tooBig(form);
  if (big) {
    return tell(form, `«${big.file.name}» pesa ${size(big.file.size)} y se aceptan hasta ${big.limit} MB. Elija un archivo más liviano, o una foto.`, { kind: "error" });
  }
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  const request = new XMLHttpRequest();
  request.open(form.method, form.action);
  for (const [name, value] of Object.entries(csrfHeaders())) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.round((100 * event.loaded) / event.total);
    tell(form, percent < 100 ? `Subiendo: ${size(event.loaded)} de ${size(event.total)}` : "Recibido. Revisando el archivo…", { percent });
  });
  request.addEventListener("load", () => {
    form.removeAttribute("aria-busy");
    const html = (request.getResponseHeader("content-type") ?? "").startsWith("text/html");
    if (html && request.status < 500) return showPage(request.responseText, request.responseURL);
    tell(form, "No pudimos guardar el archivo. Sigue elegido aquí: pruebe de nuevo en un momento.", { kind: "error", again: true });
  });
  for (const loss of ["error", "timeout", "abort"]) {
    request.addEventListener(loss, () => {
      form.removeAttribute("aria-busy");
      tell(form, "Se cortó la conexión antes de terminar. El archivo sigue elegido aquí.", { kind: "error", again: true });
      partsOf(form).retry?.focus();
    });
  }
  form.setAttribute("aria-busy", "true");
  tell(form, "Subiendo…", { percent: 0 });
  request.send(data);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-upload]") || event.defaultPrevented) return;
  const chosen = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  if (!chosen) return; // the server says what is missing
  event.preventDefault();
  if (form.getAttribute("aria-busy") !== "true") send(form, event.submitter);
});

document.addEventListener("click", (event) => {
  const retry = event.target.closest("[data-upload-retry]");
  if (retry) send(retry.form);
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("form[data-upload] input[type=file]") || !input.files.length) return;
  const big = tooBig(input.form);
  if (big) tell(input.form, `«${big.file.name}» pesa ${size(big.file.size)} y se aceptan hasta ${big.limit} MB.`, { kind: "error" });
  else tell(input.form, [...input.files].map((file) => `${file.name} (${size(file.size)})`).join(", "));
});
