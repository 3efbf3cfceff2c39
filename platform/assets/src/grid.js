// The planning matrix written in like a spreadsheet: <table data-grid="/m/temuco/iniciativas" data-fields="name …" data-kinds="line …">.
// Each cell goes to the server by itself, with what was in it before: only a change to that same cell is a conflict, and then
// both texts are shown. A text that could not be sent stays in its cell and in this browser until it can.
// Without this script the names are links to each initiative's own form.
import { clock, csrfHeaders, onPage } from "./page.js";

const WIDE = "(min-width: 48.01rem)"; // on a phone rows are cards, and cards are opened
const RETRY = [3000, 8000, 20000, 60000];
const KEPT = "acogida:borrador:"; // forgotten with the drafts when the person leaves
const PAGE = 10;

/** Rows and columns of a text copied from a spreadsheet; a quoted cell may hold line feeds. */
export function parseTable(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at++) {
    const letter = source[at];
    if (quoted) {
      if (letter === '"' && source[at + 1] === '"') cell += source[at++];
      else if (letter === '"') quoted = false;
      else cell += letter;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === "\t" || letter === "\n") {
      rows.at(-1).push(cell.trim());
      cell = "";
      if (letter === "\n") rows.push([]);
    } else cell += letter;
  }
  rows.at(-1).push(cell.trim());
  return rows;
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim().toLowerCase();
const money = (number) => `$${number.toLocaleString("es-CL").replaceAll(",", ".")}`;

class Grid {
  constructor(table) {
    this.table = table;
    this.box = table.closest(".grid-box");
    this.url = table.dataset.grid;
    this.fields = table.dataset.fields.split(" ");
    this.kinds = table.dataset.kinds.split(" ");
    this.labels = [...table.tHead.rows[0].cells].map((cell) => [...cell.childNodes].map((part) => part.textContent.trim()).filter(Boolean).join(": "));
    this.saved = new WeakMap(); // cell → the text that the server has
    this.unsent = new Map(); // "row id field" → {text, before}
    this.queue = Promise.resolve(); // one write at a time: versions follow each other
    this.undone = [];
    this.failures = 0;
    this.editing = null;
    this.column = 0;
    this.status = document.querySelector(".grid-bar [data-draft-status]");
    this.begin();
  }

  begin() {
    this.table.classList.add("grid--live");
    this.table.setAttribute("role", "grid");
    this.box.removeAttribute("tabindex");
    for (const link of this.table.querySelectorAll("tbody a")) link.tabIndex = -1;
    this.said = Object.assign(document.createElement("div"), { className: "grid-said notice notice--warning" });
    this.said.setAttribute("role", "status");
    this.box.before(this.said);
    this.makeCurrent(this.lines()[0]?.cells[0]);
    this.table.addEventListener("keydown", (event) => this.onKey(event));
    this.table.addEventListener("mousedown", (event) => this.onMouse(event));
    this.table.addEventListener("click", (event) => this.onAdd(event));
    this.table.addEventListener("dblclick", (event) => this.onDouble(event));
    this.table.addEventListener("paste", (event) => this.onPaste(event));
    this.table.addEventListener("copy", (event) => this.onCopy(event));
    this.table.addEventListener("focusout", (event) => this.onLeave(event));
    window.addEventListener("online", () => this.sendAgain());
    this.recover();
  }

  // --- Where things are ---

  /** Every row one can stand on, in order; those that add come at the end of their eje. */
  lines() {
    return [...this.table.querySelectorAll("tbody tr:not(.grid__group)")];
  }

  row(id) {
    return document.getElementById(`i-${id}`);
  }

  idOf(row) {
    return row.id.slice(2);
  }

  cellOf(target) {
    const cell = target.closest?.("td, th");
    return cell && this.table.contains(cell) && cell.closest("tbody") && !cell.closest(".grid__group") ? cell : null;
  }

  isAdding(cell) {
    return cell.parentElement.classList.contains("grid__add");
  }

  fieldOf(cell) {
    return this.fields[cell.cellIndex];
  }

  textOf(cell) {
    if (this.isAdding(cell)) return "";
    const holder = cell.querySelector("a[href]") ?? cell;
    const copy = holder.cloneNode(true);
    copy.querySelectorAll(".grid__problem, .grid__choice").forEach((part) => part.remove());
    return copy.textContent.trim();
  }

  write(cell, text) {
    const link = cell.dataset.href ?? cell.querySelector("a[href]")?.href;
    if (!link) return cell.replaceChildren(text);
    const anchor = Object.assign(document.createElement("a"), { href: link, textContent: text, tabIndex: -1 });
    cell.replaceChildren(anchor);
  }

  // --- Moving ---

  makeCurrent(cell) {
    if (!cell) return;
    if (this.current) this.current.tabIndex = -1;
    this.current = cell;
    cell.tabIndex = 0;
  }

  go(cell) {
    if (!cell) return;
    this.makeCurrent(cell);
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.clearFrozen(cell);
  }

  /** The fixed column and head cover what they pass over: a cell under them is brought out. */
  clearFrozen(cell) {
    if (cell.cellIndex === 0) return;
    const frozen = cell.parentElement.cells[0].getBoundingClientRect();
    const head = this.table.tHead.getBoundingClientRect();
    const here = cell.getBoundingClientRect();
    if (here.left < frozen.right) this.box.scrollLeft -= frozen.right - here.left;
    if (here.top < head.bottom) this.box.scrollTop -= head.bottom - here.top;
  }

  step(cell, down, right) {
    const lines = this.lines();
    const at = lines.indexOf(cell.parentElement);
    if (right) {
      const next = cell.parentElement.cells[cell.cellIndex + right];
      if (next && !this.isAdding(cell)) {
        this.column = next.cellIndex;
        return next;
      }
      return undefined;
    }
    const row = lines[Math.max(0, Math.min(lines.length - 1, at + down))];
    return row === cell.parentElement ? undefined : row.cells[Math.min(this.column, row.classList.contains("grid__add") ? 0 : row.cells.length - 1)];
  }

  /** The next cell in reading order, or none at the end: then Tab leaves the grid as anywhere else. */
  beside(cell, by) {
    const same = this.step(cell, 0, by);
    if (same) return same;
    const lines = this.lines();
    const row = lines[lines.indexOf(cell.parentElement) + by];
    if (!row) return undefined;
    const next = by > 0 || row.classList.contains("grid__add") ? row.cells[0] : row.cells[row.cells.length - 1];
    this.column = next.cellIndex;
    return next;
  }

  leave() {
    const all = [...document.querySelectorAll("#contenido a[href], #contenido button, #contenido input")];
    const after = all.find(
      (each) => this.box.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING && !this.box.contains(each),
    );
    after?.focus();
  }

  onKey(event) {
    if (this.editing) return this.onEditorKey(event);
    const cell = this.cellOf(event.target);
    if (!cell || event.target.closest("button")) return;
    const lines = this.lines();
    const ends = { Home: 0, End: cell.parentElement.cells.length - 1 };
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-PAGE, 0], PageDown: [PAGE, 0] };
    const command = event.ctrlKey || event.metaKey;
    let target;
    if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) this.moveRow(cell, event.key === "ArrowUp");
    else if (event.key in moves && !command) target = this.step(cell, ...moves[event.key]);
    else if (event.key in ends) {
      const row = command ? lines.at(event.key === "Home" ? 0 : -1) : cell.parentElement;
      target = row.cells[Math.min(ends[event.key], row.cells.length - 1)];
      this.column = target.cellIndex;
    } else if (event.key === "Tab") {
      target = this.beside(cell, event.shiftKey ? -1 : 1);
      if (!target) return;
    } else if (event.key === "Escape") this.leave();
    else if (event.key === "Enter" && command) cell.parentElement.querySelector("a[href]")?.click();
    else if (event.key === "Enter" || event.key === "F2") this.edit(cell);
    else if (command && event.key.toLowerCase() === "z") this.undo();
    else if (["Delete", "Backspace"].includes(event.key)) {
      if (this.canWrite(cell) && !this.isAdding(cell)) this.commit(cell, "");
    } else if (event.key.length === 1 && !command && !event.altKey) this.edit(cell, event.key);
    else return;
    event.preventDefault();
    this.go(target);
  }

  onMouse(event) {
    const cell = this.cellOf(event.target);
    if (!cell || event.target.closest("a, button, input, textarea, select")) return;
    event.preventDefault();
    const again = cell === document.activeElement;
    this.column = cell.cellIndex;
    if (this.editing) this.finish(true);
    this.go(cell);
    if (again && matchMedia("(pointer: coarse)").matches) this.edit(cell);
  }

  /** «Agregar» writes here; opened in another tab it is the whole form. */
  onAdd(event) {
    const cell = this.cellOf(event.target);
    if (!cell || !this.isAdding(cell) || !event.target.closest("a") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.go(cell);
    this.edit(cell);
  }

  onDouble(event) {
    const cell = this.cellOf(event.target);
    if (cell && !this.editing && !event.target.closest("a, button")) this.edit(cell);
  }

  // --- Writing ---

  canWrite(cell) {
    const field = this.fieldOf(cell);
    if (!field) {
      this.say("Esta columna se calcula sola", "saved");
      return false;
    }
    if (cell.querySelector("[data-cut]")) {
      location.assign(`${cell.parentElement.querySelector("a[href]").href}#f-${field}`);
      return false;
    }
    return true;
  }

  edit(cell, start) {
    if (!this.canWrite(cell)) return;
    const kind = this.kinds[cell.cellIndex];
    const before = this.textOf(cell);
    cell.dataset.href = cell.querySelector("a[href]")?.href ?? "";
    if (!cell.dataset.href) delete cell.dataset.href;
    const editor = this.editorFor(cell, kind);
    editor.setAttribute("aria-label", this.isAdding(cell) ? "Nombre de la nueva iniciativa" : `${this.labels[cell.cellIndex]} de ${this.textOf(cell.parentElement.cells[0])}`);
    editor.value = start ?? before;
    this.editing = { cell, editor, before, kept: [...cell.childNodes] };
    cell.classList.add("grid__cell--editing");
    cell.classList.remove("grid__cell--saved");
    cell.replaceChildren(editor);
    editor.focus();
    if (start === undefined) editor.select?.();
    else editor.setSelectionRange?.(editor.value.length, editor.value.length);
  }

  editorFor(cell, kind) {
    if (kind === "choice") return document.getElementById(`grid-options-${this.fieldOf(cell)}`).content.firstElementChild.cloneNode(true);
    if (kind === "text") return Object.assign(document.createElement("textarea"), { rows: 3 });
    const input = Object.assign(document.createElement("input"), { type: "text", autocomplete: "off" });
    if (kind === "unit") input.setAttribute("list", "grid-units");
    if (kind === "number") input.inputMode = "numeric";
    if (kind === "date") input.placeholder = "dd-mm-aaaa";
    return input;
  }

  onEditorKey(event) {
    const { cell, editor } = this.editing;
    const newLine = editor.tagName === "TEXTAREA" && (event.altKey || event.shiftKey);
    if (event.key === "Enter" && newLine) {
      if (event.altKey) editor.setRangeText("\n", editor.selectionStart, editor.selectionEnd, "end");
      else return;
    } else if (event.key === "Enter") {
      const adding = this.isAdding(cell);
      this.finish(true);
      this.go(adding ? cell : this.step(cell, 1, 0) ?? cell);
    } else if (event.key === "Tab") {
      this.finish(true);
      this.go(this.beside(cell, event.shiftKey ? -1 : 1) ?? cell);
    } else if (event.key === "Escape") {
      this.finish(false);
      this.go(cell);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  onLeave(event) {
    if (this.editing && event.target === this.editing.editor && !this.editing.closing) this.finish(true);
  }

  /** Closes the editor; `keep` says whether what it holds is wanted. */
  finish(keep) {
    const { cell, editor, before, kept } = this.editing;
    this.editing.closing = true;
    const text = editor.value.trim();
    cell.classList.remove("grid__cell--editing");
    cell.replaceChildren(...kept);
    this.editing = null;
    if (!keep || text === before) return;
    if (this.isAdding(cell)) this.addRow(cell, text);
    else this.commit(cell, text);
  }

  commit(cell, text, { remember = true } = {}) {
    const before = this.saved.get(cell) ?? this.textOf(cell);
    this.saved.set(cell, before);
    this.write(cell, text);
    this.mark(cell, "saving");
    if (remember) this.undone.push([{ id: this.idOf(cell.parentElement), field: this.fieldOf(cell), text: before }]);
    this.keep(cell, text, before);
    this.enqueue(() => this.send(cell, text, before));
  }

  enqueue(task) {
    this.queue = this.queue.then(task).catch(() => {});
  }

  async send(cell, text, before) {
    const row = cell.parentElement;
    const field = this.fieldOf(cell);
    if (!row.isConnected || this.textOf(cell) !== text) return; // written again since: that one goes
    this.say("Guardando…", "busy");
    const answer = await this.post(`${this.url}/${this.idOf(row)}/celda`, { field, value: text, before, version: Number(row.dataset.v) });
    if (answer.status === 200) {
      this.failures = 0;
      this.letGo(cell);
      this.show(row, answer.body);
      this.mark(cell, "saved");
      this.say(`Guardado ${clock()}`, "saved");
      if (field === "axis_id") this.place(row, answer.body.axis);
      this.total();
    } else if (answer.status === 409) {
      row.dataset.v = answer.body.version;
      this.saved.set(cell, answer.body.value);
      this.letGo(cell);
      this.offerBoth(cell, text, answer.body.value);
      this.say("Otra persona cambió esta celda", "unsaved");
    } else if (answer.status === 422 || answer.status === 404) {
      this.letGo(cell);
      this.refuse(cell, answer.body.message ?? "No se pudo guardar.");
      this.say("Una celda no se guardó", "unsaved");
    } else {
      this.mark(cell, "unsent");
      this.say(answer.words, "unsaved");
      this.later();
    }
  }

  async post(url, body) {
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json", ...csrfHeaders() },
        body: JSON.stringify(body),
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      return { status: 0, words: "Sin conexión: lo escrito sigue aquí" };
    }
    const json = response.headers.get("content-type")?.startsWith("application/json");
    if (json) return { status: response.status, body: await response.json(), words: "No se pudo guardar: lo escrito sigue aquí" };
    const signedOut = response.type === "opaqueredirect" || [401, 403].includes(response.status);
    return {
      status: response.status === 200 ? 0 : response.status === 404 ? 410 : response.status,
      words: signedOut ? "Su sesión se cerró: lo escrito sigue aquí. Ingrese en otra pestaña" : "No se pudo guardar: lo escrito sigue aquí",
    };
  }

  /** Puts in a row what the server says that it holds now. */
  show(row, told) {
    row.dataset.v = told.version;
    for (const [field, text] of Object.entries(told.cells)) {
      const cell = row.cells[this.fields.indexOf(field)];
      if (this.editing?.cell === cell) continue;
      if (this.textOf(cell) !== text || cell.querySelector(".grid__problem")) this.write(cell, text);
      this.saved.set(cell, text);
    }
    row.cells[row.cells.length - 1].textContent = told.state;
  }

  mark(cell, state) {
    cell.classList.remove("grid__cell--saving", "grid__cell--saved", "grid__cell--error", "grid__cell--unsent");
    if (state) cell.classList.add(`grid__cell--${state}`);
    cell.toggleAttribute("aria-invalid", state === "error");
  }

  refuse(cell, message) {
    this.mark(cell, "error");
    const words = Object.assign(document.createElement("span"), { className: "grid__problem", textContent: message });
    cell.querySelector(".grid__problem")?.remove();
    cell.append(words);
    this.announce([`${this.labels[cell.cellIndex]}: ${message}`]);
  }

  /** Two people wrote the same cell: mine stays in it, theirs is beside, and one of both is chosen. */
  offerBoth(cell, mine, theirs) {
    this.refuse(cell, `Otra persona guardó: «${theirs || "(vacío)"}»`);
    const choice = Object.assign(document.createElement("span"), { className: "grid__choice" });
    const options = [
      ["Dejar lo mío", () => this.commit(cell, mine, { remember: false })],
      ["Dejar lo otro", () => {
        this.write(cell, theirs);
        this.mark(cell);
        this.announce([]);
      }],
    ];
    for (const [words, act] of options) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--secondary button--small", textContent: words });
      button.addEventListener("click", () => {
        act();
        this.go(cell);
      });
      choice.append(button);
    }
    cell.append(choice);
    if (document.activeElement === cell || document.activeElement === document.body) choice.firstElementChild.focus();
  }

  undo() {
    const last = this.undone.pop();
    if (!last) return this.say("Nada que deshacer", "saved");
    for (const { id, field, text } of last) {
      const cell = this.row(id)?.cells[this.fields.indexOf(field)];
      if (cell) this.commit(cell, text, { remember: false });
    }
    return undefined;
  }

  // --- Rows ---

  addRow(cell, name) {
    if (!name) return;
    const body = cell.closest("tbody");
    this.enqueue(() => this.writeRows(body, [{ row: null, cells: { name } }]));
  }

  newRow(told) {
    const row = document.createElement("tr");
    row.id = `i-${told.id}`;
    const name = document.createElement("th");
    name.scope = "row";
    name.dataset.href = `${this.url}/${told.id}`;
    row.append(name, ...Array.from({ length: this.labels.length - 1 }, () => document.createElement("td")));
    return row;
  }

  place(row, axis) {
    const body = [...this.table.tBodies].find((each) => each.dataset.axis === axis);
    if (!body) return location.reload();
    if (body === row.parentElement) return undefined;
    const adding = body.querySelector(".grid__add");
    const focused = row.contains(document.activeElement) && document.activeElement;
    if (adding) adding.before(row);
    else body.append(row);
    if (focused) this.go(focused);
    return undefined;
  }

  async moveRow(cell, up) {
    const row = cell.parentElement;
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (this.isAdding(cell) || !other?.id) return;
    const response = await fetch(`${this.url}/${this.idOf(row)}/mover`, {
      method: "POST",
      headers: csrfHeaders(),
      body: new URLSearchParams({ hacia: up ? "arriba" : "abajo" }),
      credentials: "same-origin",
      redirect: "manual",
    }).catch(() => null);
    if (response?.type !== "opaqueredirect") return this.say("No se pudo mover la fila", "unsaved");
    if (up) other.before(row);
    else other.after(row);
    for (const each of [row, other]) each.dataset.v = Number(each.dataset.v) + 1;
    this.go(cell);
    return this.say(`Guardado ${clock()}`, "saved");
  }

  total() {
    let all = 0;
    const column = this.fields.indexOf("budget");
    for (const body of this.table.tBodies) {
      const rows = [...body.rows].filter((row) => row.id);
      const sum = rows.reduce((so, row) => so + (Number(this.textOf(row.cells[column]).replace(/\D/g, "")) || 0), 0);
      const head = body.rows[0];
      head.querySelector("[data-count]").textContent = rows.length;
      head.querySelector("[data-budget]").textContent = money(sum);
      all += sum;
    }
    const shown = document.querySelector("[data-total-budget]");
    if (shown) shown.textContent = money(all);
  }

  // --- Copying and pasting ---

  onCopy(event) {
    const cell = this.cellOf(document.activeElement);
    if (this.editing || !cell || String(getSelection())) return;
    event.clipboardData.setData("text/plain", this.textOf(cell));
    event.preventDefault();
  }

  onPaste(event) {
    const cell = this.cellOf(document.activeElement);
    if (this.editing || !cell) return;
    event.preventDefault();
    const rows = parseTable(event.clipboardData.getData("text/plain"));
    if (rows.length === 1 && rows[0].length === 1 && !this.isAdding(cell)) {
      if (this.canWrite(cell)) this.commit(cell, rows[0][0]);
      return;
    }
    const columns = this.columnsOf(rows, cell);
    const body = cell.closest("tbody");
    const lines = [...body.rows].filter((row) => row.id);
    const first = this.isAdding(cell) ? lines.length : lines.indexOf(cell.parentElement);
    const wanted = rows
      .filter((texts) => texts.some(Boolean))
      .map((texts, at) => ({
        row: lines[first + at] ?? null,
        cells: Object.fromEntries(texts.map((text, place) => [columns[place], text]).filter(([field]) => field)),
      }));
    this.enqueue(() => this.writeRows(body, wanted));
  }

  /** Which column each pasted one goes to: by its heading where the first row has them, else from here to the right. */
  columnsOf(rows, cell) {
    const known = new Map(this.fields.map((field, at) => [plain(this.labels[at]), field]));
    for (const [at, label] of this.labels.entries()) known.set(plain(label).split(" ").at(-1), this.fields[at]);
    known.set("nombre", "name").set("nombre de la iniciativa", "name").set("eje estrategico", "axis_id");
    const headings = rows[0].map((text) => known.get(plain(text)));
    if (rows.length > 1 && headings.filter(Boolean).length >= Math.max(2, rows[0].length / 2)) {
      rows.shift();
      return headings;
    }
    return this.fields.slice(cell.cellIndex);
  }

  async writeRows(body, wanted) {
    this.say("Guardando…", "busy");
    const known = wanted.flatMap(({ row, cells }) =>
      Object.keys(row ? cells : {})
        .map((field) => ({ field, cell: row.cells[this.fields.indexOf(field)] }))
        .filter(({ cell }) => !cell.querySelector("[data-cut]")) // half a text is not what was there
        .map(({ field, cell }) => ({ id: this.idOf(row), field, text: this.textOf(cell) })),
    );
    const rows = wanted.map(({ row, cells }) => (row ? { id: this.idOf(row), version: Number(row.dataset.v), cells } : { cells }));
    const answer = await this.post(`${this.url}/filas`, { axis: body.dataset.axis, rows });
    if (answer.status !== 200) {
      this.say(answer.body?.message ?? answer.words, "unsaved");
      this.announce([`No se escribió nada. ${answer.body?.message ?? answer.words}.`]);
      return;
    }
    if (known.length) this.undone.push(known);
    let last;
    for (const [place, told] of Object.entries(answer.body.rows)) {
      const row = wanted[place].row ?? this.newRow(told);
      if (!row.isConnected) {
        const adding = body.querySelector(".grid__add");
        if (adding) adding.before(row);
        else body.append(row);
      }
      this.show(row, told);
      for (const field of Object.keys(wanted[place].cells)) this.mark(row.cells[this.fields.indexOf(field)], "saved");
      this.place(row, told.axis);
      wanted[place].row = row;
      last = row;
    }
    this.tell(answer.body, wanted);
    this.total();
    this.say(answer.body.faults.length ? "Algunas celdas no se guardaron" : `Guardado ${clock()}`, answer.body.faults.length ? "unsaved" : "saved");
    if (wanted.length > 1) last?.scrollIntoView({ block: "nearest" });
  }

  /** Says what a paste did, and for every cell that was refused, why and what it held. */
  tell({ faults, added, changed }, wanted) {
    const words = [];
    if (wanted.length > 1) {
      const parts = [added && `${added} ${added === 1 ? "nueva" : "nuevas"}`, changed && `${changed} con cambios`].filter(Boolean);
      words.push(`Pegamos ${wanted.length} filas${parts.length ? `: ${parts.join(", ")}` : ""}.`);
    }
    for (const { place, field, message } of faults) {
      const { row, cells } = wanted[place];
      const at = this.fields.indexOf(field);
      const held = field ? cells[field] ?? "" : Object.values(cells).filter(Boolean).join(" · ");
      if (row && field) {
        this.write(row.cells[at], held);
        this.refuse(row.cells[at], message);
      }
      words.push(`Fila ${Number(place) + 1}${field ? `, ${this.labels[at]}` : ""}: ${message}${held ? ` Decía «${held.slice(0, 120)}».` : ""}`);
    }
    this.announce(words);
  }

  // --- Telling, and keeping what could not be sent ---

  say(words, kind) {
    if (!this.status) return;
    this.status.textContent = words;
    this.status.dataset.kind = kind;
  }

  announce(lines) {
    this.said.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  }

  get shelf() {
    const person = document.querySelector('meta[name="acogida-person"]')?.content ?? "";
    return `${KEPT}${person}:planilla:${this.url}`;
  }

  keep(cell, text, before) {
    this.unsent.set(`${this.idOf(cell.parentElement)} ${this.fieldOf(cell)}`, { text, before });
    this.remember();
  }

  letGo(cell) {
    this.unsent.delete(`${this.idOf(cell.parentElement)} ${this.fieldOf(cell)}`);
    this.remember();
  }

  remember() {
    try {
      if (this.unsent.size) localStorage.setItem(this.shelf, JSON.stringify({ at: Date.now(), cells: [...this.unsent] }));
      else localStorage.removeItem(this.shelf);
    } catch {
      // Storage is off or full: the text is still in its cell, which is what the status says.
    }
  }

  /** What an earlier visit could not send goes back to its cells and is sent. */
  recover() {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(this.shelf) ?? "null");
    } catch {
      return;
    }
    for (const [key, { text, before }] of kept?.cells ?? []) {
      const [id, field] = key.split(" ");
      const cell = this.row(id)?.cells[this.fields.indexOf(field)];
      if (!cell || this.textOf(cell) === text) continue;
      this.saved.set(cell, before);
      this.commit(cell, text, { remember: false });
    }
    if (kept && !this.unsent.size) this.remember();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sendAgain(), RETRY[Math.min(this.failures++, RETRY.length - 1)]);
  }

  sendAgain() {
    for (const [key, { text, before }] of this.unsent) {
      const [id, field] = key.split(" ");
      const cell = this.row(id)?.cells[this.fields.indexOf(field)];
      if (cell) this.enqueue(() => this.send(cell, text, before));
    }
  }
}

onPage((root) => {
  const start = () => {
    if (!matchMedia(WIDE).matches) return;
    for (const table of root.querySelectorAll("table[data-grid]:not(.grid--live)")) new Grid(table);
  };
  start();
  matchMedia(WIDE).addEventListener("change", start);
});
