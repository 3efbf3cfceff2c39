// One file, in pieces, over a line that may drop: it goes on where it stopped. `sendInPieces` gives the id that the form
// sends instead of the file, or raises `Stopped` with words for the person.
import { csrfHeaders } from "./page.js";

const PIECE = 512 * 1024;
const MOST_TRIES = 8; // without a single byte more
const PREFIX = "acogida:subida:";

/** What ended an upload. `again` says whether trying once more makes sense. */
export class Stopped extends Error {
  constructor(words, { again = true } = {}) {
    super(words);
    this.again = again;
  }
}

const LOST = "Se cortó la conexión. Lo que subió queda guardado: se sigue desde ahí.";
const LEFT = "Su sesión terminó. Ingrese de nuevo en otra pestaña y vuelva a intentarlo.";

function ask(method, url, { body = null, headers = {}, onProgress = null } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (onProgress) request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    request.timeout = 120_000;
    request.addEventListener("load", () => resolve(request));
    for (const loss of ["error", "timeout", "abort"]) request.addEventListener(loss, () => reject(new Error(loss)));
    request.send(body);
  });
}

/** Waits a while, or less if the line comes back. */
function pause(seconds) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    window.addEventListener("online", done);
  });
}

const shelf = (base, file) => `${PREFIX}${base}:${file.name}:${file.size}:${file.lastModified}`;

function remembered(base, file) {
  try {
    return JSON.parse(localStorage.getItem(shelf(base, file)) ?? "null");
  } catch {
    return null;
  }
}

function remember(base, file, upload) {
  try {
    localStorage.setItem(shelf(base, file), JSON.stringify({ ...upload, at: Date.now() }));
  } catch {
    // A full or closed shelf only means starting over after a reload.
  }
}

/** Lets go of what was remembered of a file that arrived. */
export function forget(base, file) {
  try {
    localStorage.removeItem(shelf(base, file));
  } catch {
    // Nothing was remembered.
  }
}

async function begin(base, file) {
  const body = new URLSearchParams({ name: file.name, size: file.size, type: file.type });
  const headers = { ...csrfHeaders(), "content-type": "application/x-www-form-urlencoded" };
  const answer = await ask("POST", base, { body, headers });
  if (answer.status === 401) throw new Stopped(LEFT);
  if (answer.status === 422) throw new Stopped(JSON.parse(answer.responseText).problem, { again: false });
  if (answer.status !== 201) throw new Stopped("No pudimos recibir el archivo en este momento.");
  return { ...JSON.parse(answer.responseText), offset: 0 };
}

async function offsetOf(upload) {
  const answer = await ask("HEAD", upload.place, { headers: csrfHeaders() });
  if (answer.status === 401) throw new Stopped(LEFT);
  if (answer.status !== 200) return null;
  return Number(answer.getResponseHeader("upload-offset"));
}

/** Straight to the store, where the server gave leave; false where it can't be done. */
async function straight(upload, file, told) {
  if (!upload.direct) return false;
  const body = new FormData();
  for (const [name, value] of Object.entries(upload.direct.fields)) body.append(name, value);
  body.append("file", file);
  try {
    const sent = await ask("POST", upload.direct.url, { body, onProgress: (loaded) => told(Math.min(loaded, file.size)) });
    if (sent.status >= 300) return false;
    const noted = await ask("POST", `${upload.place}/directo`, { headers: csrfHeaders() });
    return noted.status === 204;
  } catch {
    return false; // in pieces, then
  }
}

/** Sends one file. `told(bytes)` hears how far it is; `waiting(words)` that the line is down. */
export async function sendInPieces(base, file, { told, waiting }) {
  let upload = remembered(base, file);
  let tries = 0;
  while (true) {
    try {
      if (upload) upload.offset = await offsetOf(upload);
      if (!upload || upload.offset === null) {
        upload = await begin(base, file);
        remember(base, file, { id: upload.id, place: upload.place });
        if (await straight(upload, file, told)) return upload.id;
      }
      while (upload.offset < file.size) {
        const from = upload.offset;
        const answer = await ask("PATCH", upload.place, {
          body: file.slice(from, from + PIECE),
          headers: { ...csrfHeaders(), "content-type": "application/octet-stream", "upload-offset": String(from) },
          onProgress: (loaded) => told(Math.min(from + loaded, file.size)),
        });
        if (answer.status === 401) throw new Stopped(LEFT);
        if (answer.status !== 204 && answer.status !== 409) throw new Error(String(answer.status));
        upload.offset = Number(answer.getResponseHeader("upload-offset"));
        if (upload.offset > from) tries = 0;
        told(upload.offset);
      }
      return upload.id;
    } catch (loss) {
      if (loss instanceof Stopped) throw loss;
      tries += 1;
      if (tries > MOST_TRIES) throw new Stopped(LOST);
      waiting(LOST);
      await pause(Math.min(30, 2 ** tries / 2));
    }
  }
}

// Names of files tell things too: whoever leaves takes them along.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-leave]")) return;
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // The shelf is closed: nothing is on it.
  }
});
