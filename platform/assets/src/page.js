// What every part of the script shares: running again on whatever arrives, the token, the hour, the words of a network loss.
import htmx from "htmx.org";

/** Runs `start(root)` now for the whole page and again for each piece that htmx or an upload brings in. */
export function onPage(start) {
  const first = () => start(document);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", first);
  else first();
  document.addEventListener("htmx:after:swap", () => start(document));
  document.addEventListener("acogida:page", first);
}

/** Puts a whole page that came by another road (an upload) in place of this one, without asking for it again. */
export function showPage(html, url) {
  const next = new DOMParser().parseFromString(html, "text/html");
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
  if (url && url !== location.href) history.pushState(null, "", url);
  htmx.process(document.body);
  document.dispatchEvent(new CustomEvent("acogida:page"));
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
  else window.scrollTo(0, 0);
}

export function csrfHeaders() {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  return token ? { "x-csrftoken": token } : {};
}

export function clock(date = new Date()) {
  return date.toLocaleTimeString("es-CL", { hour: "2-digit", minute: "2-digit", hour12: false });
}

export function day(date) {
  return date.toLocaleDateString("es-CL", { day: "numeric", month: "long" });
}
