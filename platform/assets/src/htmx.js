// htmx, with the token that proves that a request was born on our own page.
import htmx from "htmx.org";
import { csrfHeaders } from "./page.js";

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (request.method !== "GET") Object.assign(request.headers, csrfHeaders());
});

window.htmx = htmx;
