// Uploads that show how far they are and do not lose the file when the line breaks: <form data-upload enctype="multipart/form-data">.
// With an address (`data-upload="/m/temuco/archivo/subidas"`) each file goes there in pieces first, and the form sends its
// `upload_id` instead; several files are several sendings of the same form, each with its own answer. Without one, the
// form is sent whole. The server answers exactly as it does without this: a redirect, or the page again with its errors.
import { csrfHeaders, showPage } from "./page.js";
import { forget, sendInPieces, Stopped } from "./pieces.js";

const AT_ONCE = 2;
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
  retry.textContent = "Reintentar la subida";
}

function tooBig(form) {
  for (const input of form.querySelectorAll("input[type=file][data-max-mb]")) {
    for (const file of input.files) {
      if (file.size > Number(input.dataset.maxMb) * 1e6) return { file, limit: input.dataset.maxMb };
    }
  }
  return null;
}

const filesOf = (form) =>
  [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files].map((file) => ({ input, file })));

/** The form without its files, as it would be sent. */
function fieldsOf(form, submitter) {
  const data = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  return data;
}

function send(form, submitter) {
  const big = tooBig(form);
  if (big) {
    return tell(form, `«${big.file.name}» pesa ${size(big.file.size)} y se aceptan hasta ${big.limit} MB. Elija un archivo más liviano, o una foto.`, { kind: "error" });
  }
  form.setAttribute("aria-busy", "true");
  form.lastSubmitter = submitter;
  if (!form.dataset.upload) return sendWhole(form, submitter);
  const chosen = filesOf(form);
  return chosen.length === 1 ? sendOne(form, submitter, chosen[0].file) : sendMany(form, submitter, chosen);
}

function sendWhole(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  tell(form, "Subiendo…", { percent: 0 });
  submit(form, data, (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.round((100 * event.loaded) / event.total);
    tell(form, percent < 100 ? `Subiendo: ${size(event.loaded)} de ${size(event.total)}` : "Recibido. Revisando el archivo…", { percent });
  });
}

function submit(form, data, onProgress) {
  const request = new XMLHttpRequest();
  request.open(form.method, form.action);
  for (const [name, value] of Object.entries(csrfHeaders())) request.setRequestHeader(name, value);
  if (onProgress) request.upload.addEventListener("progress", onProgress);
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
  request.send(data);
}

async function sendOne(form, submitter, file) {
  tell(form, "Subiendo…", { percent: 0 });
  try {
    const id = await sendInPieces(form.dataset.upload, file, {
      told: (bytes) => tell(form, `Subiendo: ${size(bytes)} de ${size(file.size)}`, { percent: Math.round((100 * bytes) / file.size) }),
      waiting: (words) => tell(form, words, { kind: "error" }),
    });
    forget(form.dataset.upload, file);
    const data = fieldsOf(form, submitter);
    data.append("upload_id", id);
    tell(form, "Recibido. Revisando el archivo…", { percent: 100 });
    submit(form, data);
  } catch (stop) {
    form.removeAttribute("aria-busy");
    tell(form, stop instanceof Stopped ? stop.message : "No pudimos subir el archivo.", { kind: "error", again: stop.again ?? true });
  }
}

// Many files: a line for each, and the form sent once for each

function lineOf(list, file) {
  const item = document.createElement("li");
  item.className = "sending__item";
  const name = document.createElement("span");
  name.className = "sending__name";
  name.textContent = file.name;
  const state = document.createElement("span");
  state.className = "sending__state";
  state.textContent = "En espera";
  const bar = document.createElement("progress");
  bar.className = "upload__bar sending__bar";
  bar.max = file.size;
  bar.value = 0;
  bar.setAttribute("aria-label", `Avance de ${file.name}`);
  item.append(name, state, bar);
  list.append(item);
  return {
    say(words, { kind = "", bytes = null } = {}) {
      item.dataset.kind = kind;
      state.textContent = words;
      bar.hidden = kind !== "";
      if (bytes !== null) bar.value = bytes;
    },
  };
}

function listOf(form) {
  form.querySelector(".sending")?.remove();
  const list = document.createElement("ul");
  list.className = "sending";
  partsOf(form).panel.after(list);
  return list;
}

/** What is wrong with it, as the page that came back says. */
function faultOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const first = page.querySelector("[data-error-summary] li, .field__error, [role=alert]");
  return first?.textContent.trim() || "No pudimos guardarlo.";
}

async function keepOne(form, submitter, id, count) {
  const data = fieldsOf(form, submitter);
  data.append("upload_id", id);
  data.append("sent_together", String(count));
  const answer = await fetch(form.action, { method: "POST", body: data, headers: csrfHeaders(), redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.ok) return;
  if (answer.status === 422) throw new Stopped(faultOf(await answer.text()), { again: false });
  throw new Stopped("No pudimos guardarlo en este momento.");
}

async function sendMany(form, submitter, chosen) {
  const list = listOf(form);
  const waiting = chosen.map(({ file }) => ({ file, line: lineOf(list, file) }));
  const left = [];
  const count = chosen.length;
  let kept = 0;
  const summary = () => tell(form, `Guardamos ${kept} de ${count}.`, { percent: Math.round((100 * kept) / count) });
  summary();
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { file, line } = next;
      try {
        const id = await sendInPieces(form.dataset.upload, file, {
          told: (bytes) => line.say(`${size(bytes)} de ${size(file.size)}`, { bytes }),
          waiting: (words) => line.say(words),
        });
        line.say("Recibido. Revisando…", { bytes: file.size });
        await keepOne(form, submitter, id, count);
        forget(form.dataset.upload, file);
        kept += 1;
        line.say("Guardado", { kind: "done" });
      } catch (stop) {
        const again = stop.again ?? true;
        left.push({ file, again });
        line.say(stop instanceof Stopped ? stop.message : "Se cortó la conexión.", { kind: "error" });
      }
      summary();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, work));
  form.removeAttribute("aria-busy");
  if (!left.length) return window.location.reload();
  const some = left.some(({ again }) => again);
  tell(form, `Guardamos ${kept} de ${count}. ${left.length === 1 ? "Uno no quedó" : `${left.length} no quedaron`}: el motivo está abajo.`, { kind: "error", again: some });
  form.leftFiles = left.filter(({ again }) => again).map(({ file }) => file);
  if (!some) chooseOnly(form, []);
}

/** The files that may be tried again stay chosen; those that were kept, or never will be, do not. */
function chooseOnly(form, files) {
  const input = form.querySelector("input[type=file]");
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  input.files = chosen.files;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-upload]") || event.defaultPrevented) return;
  if (!filesOf(form).length) return; // the server says what is missing
  event.preventDefault();
  if (form.getAttribute("aria-busy") !== "true") send(form, event.submitter);
});

document.addEventListener("click", (event) => {
  const retry = event.target.closest("[data-upload-retry]");
  if (!retry || retry.form.getAttribute("aria-busy") === "true") return;
  if (retry.form.leftFiles) chooseOnly(retry.form, retry.form.leftFiles);
  retry.form.leftFiles = null;
  send(retry.form, retry.form.lastSubmitter);
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("form[data-upload] input[type=file]") || !input.files.length) return;
  const big = tooBig(input.form);
  if (big) tell(input.form, `«${big.file.name}» pesa ${size(big.file.size)} y se aceptan hasta ${big.limit} MB.`, { kind: "error" });
  else tell(input.form, [...input.files].map((file) => `${file.name} (${size(file.size)})`).join(", "));
});
