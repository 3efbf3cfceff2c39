// Drafts that save themselves. A form says where: <form data-draft="/m/temuco/borradores/carta">.
// Its fields go there as {field: [values]} a moment after the person stops typing. When the line is lost, the text stays
// in this browser, under the person's name, until it can be sent; it is forgotten after a week or on leaving Acogida.
import { clock, csrfHeaders, day, onPage } from "./page.js";

const PAUSE = 1200;
const RETRY = [3000, 8000, 20000, 60000];
const KEEP_DAYS = 7;
const PREFIX = "acogida:borrador:";
const KEEPALIVE_LIMIT = 60000; // browsers refuse more than 64 KiB once the page is going

const forms = new WeakMap();

function stateOf(form) {
  if (!forms.has(form)) {
    forms.set(form, { sent: JSON.stringify(fieldsOf(form)), timer: 0, failures: 0, submitted: false });
  }
  return forms.get(form);
}

function fieldsOf(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || name.startsWith("_")) continue;
    if (form.elements[name]?.type === "password") continue;
    (fields[name] ??= []).push(value);
  }
  return fields;
}

function say(form, words, kind) {
  const place = form.querySelector("[data-draft-status]") ?? document.querySelector("[data-draft-status]");
  if (!place) return;
  place.textContent = words;
  place.dataset.kind = kind;
}

function localKey(form) {
  const person = document.querySelector('meta[name="acogida-person"]')?.content ?? "";
  return `${PREFIX}${person}:${form.dataset.draft}`;
}

function keepLocal(form, body) {
  try {
    localStorage.setItem(localKey(form), JSON.stringify({ at: Date.now(), fields: JSON.parse(body) }));
  } catch {
    // No room or not allowed: the text is still on the page, which is what the status says.
  }
}

function dropLocal(form) {
  try {
    localStorage.removeItem(localKey(form));
  } catch {
    // Storage is off: nothing was kept.
  }
}

function schedule(form, delay = PAUSE) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(form), delay);
}

async function save(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (!form.isConnected || state.submitted) return;
  const body = JSON.stringify(fieldsOf(form));
  if (body === state.sent) return;
  say(form, "Guardando…", "busy");
  let response;
  try {
    response = await fetch(form.dataset.draft, {
      method: "POST",
      headers: { "content-type": "application/json", ...csrfHeaders() },
      body,
      credentials: "same-origin",
      redirect: "manual",
    });
  } catch {
    return unsaved(form, body, "Sin conexión: lo escrito sigue aquí");
  }
  if (response.ok) {
    Object.assign(state, { sent: body, failures: 0 });
    dropLocal(form);
    say(form, `Guardado ${clock()}`, "saved");
    if (JSON.stringify(fieldsOf(form)) !== body) schedule(form);
    return;
  }
  const signedOut = response.type === "opaqueredirect" || response.status === 401 || response.status === 403;
  unsaved(
    form,
    body,
    signedOut
      ? "Su sesión se cerró: lo escrito sigue aquí. Ingrese en otra pestaña"
      : "No se pudo guardar: lo escrito sigue aquí",
  );
}

function unsaved(form, body, words) {
  const state = stateOf(form);
  keepLocal(form, body);
  say(form, words, "unsaved");
  schedule(form, RETRY[Math.min(state.failures++, RETRY.length - 1)]);
}

/** The page is going: send what is left without waiting for an answer. */
function flush() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const state = stateOf(form);
    if (state.submitted) continue;
    const body = JSON.stringify(fieldsOf(form));
    if (body === state.sent) continue;
    keepLocal(form, body);
    if (body.length > KEEPALIVE_LIMIT) continue;
    fetch(form.dataset.draft, {
      method: "POST",
      headers: { "content-type": "application/json", ...csrfHeaders() },
      body,
      credentials: "same-origin",
      keepalive: true,
    })
      .then((response) => {
        if (!response.ok || response.redirected) return;
        state.sent = body;
        dropLocal(form);
      })
      .catch(() => {});
  }
}

function fill(form, fields) {
  for (const control of form.elements) {
    if (!control.name || !(control.name in fields || control.type === "checkbox")) continue;
    const values = fields[control.name] ?? [];
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (control.type === "select-multiple") {
      for (const option of control.options) option.selected = values.includes(option.value);
    } else if (!["hidden", "file", "submit", "button", "password"].includes(control.type)) {
      control.value = values.shift() ?? "";
    }
  }
}

/** When an earlier visit ended without a line, offer the text that stayed in this browser. */
function offer(form) {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(localKey(form)) ?? "null");
  } catch {
    return;
  }
  if (!kept) return;
  if (Date.now() - kept.at > KEEP_DAYS * 864e5 || JSON.stringify(kept.fields) === stateOf(form).sent) {
    return dropLocal(form);
  }
  if (form.querySelector(".draft-offer")) return;
  const at = new Date(kept.at);
  const box = document.createElement("div");
  box.className = "draft-offer";
  box.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = `En este equipo quedó un texto sin enviar, del ${day(at)} a las ${clock(at)}.`;
  const recover = button("Recuperar el texto", "button button--secondary button--small", () => {
    fill(form, structuredClone(kept.fields));
    box.remove();
    schedule(form, 0);
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  const discard = button("Descartarlo", "button button--quiet button--small", () => {
    dropLocal(form);
    box.remove();
  });
  box.append(words, recover, discard);
  form.prepend(box);
}

function button(words, className, action) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = words;
  element.addEventListener("click", action);
  return element;
}

function forgetOld({ all = false } = {}) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const kept = JSON.parse(localStorage.getItem(key));
      if (all || Date.now() - kept.at > KEEP_DAYS * 864e5) localStorage.removeItem(key);
    }
  } catch {
    // Storage is off, or somebody else's value: leave it.
  }
}

const draftOf = (event) => (event.target.form ?? event.target).closest?.("form[data-draft]");

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const form = draftOf(event);
    if (!form) return;
    const state = stateOf(form);
    state.submitted = false;
    say(form, "Escribiendo…", "busy");
    schedule(form, state.failures ? RETRY[0] : PAUSE);
  });
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-leave]")) return forgetOld({ all: true });
  const form = draftOf(event);
  if (!form || event.defaultPrevented) return;
  if (!navigator.onLine) {
    event.preventDefault();
    return unsaved(form, JSON.stringify(fieldsOf(form)), "Sin conexión: lo escrito sigue aquí");
  }
  const state = stateOf(form);
  state.submitted = true; // the server clears the draft itself when it accepts the form
  clearTimeout(state.timer);
  dropLocal(form);
});

document.addEventListener("htmx:finally:request", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) stateOf(form).submitted = false;
});

window.addEventListener("online", () => document.querySelectorAll("form[data-draft]").forEach((form) => save(form)));
window.addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") flush();
});
window.addEventListener("pageshow", (event) => {
  // Back from the browser's memory: the form that was sent may be written in again.
  if (event.persisted) document.querySelectorAll("form[data-draft]").forEach((form) => (stateOf(form).submitted = false));
});

forgetOld();
onPage((root) => root.querySelectorAll("form[data-draft]").forEach((form) => {
  stateOf(form);
  offer(form);
}));
