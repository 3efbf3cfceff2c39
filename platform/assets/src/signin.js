// Entering: passkeys, which only a script can ask the browser for, and the return from ClaveÚnica, sent on by itself.
import { csrfHeaders, onPage } from "./page.js";


const bytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
};

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const readable = (options) => {
  const found = { ...options, challenge: bytes(options.challenge) };
  if (options.user) found.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"])
    if (options[list]) found[list] = options[list].map((each) => ({ ...each, id: bytes(each.id) }));
  return found;
};

const written = (credential) => {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[part]) answer[part] = text(response[part]);
  if (response.getTransports) answer.transports = response.getTransports();
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: answer });
};

async function ask(form) {
  const said = form.querySelector("[data-passkey-status]");
  const say = (words) => {
    if (said) said.textContent = words;
  };
  say("Siga las instrucciones de su dispositivo…");
  try {
    const answer = await fetch(form.dataset.options, { method: "POST", headers: csrfHeaders() });
    if (!answer.ok) throw new Error(String(answer.status));
    const publicKey = readable(await answer.json());
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
    form.elements.credential.value = written(credential);
    form.submit();
  } catch {
    say("No se pudo usar la llave de acceso. Inténtelo otra vez, o siga de la otra manera.");
  }
}

onPage((root) => {
  for (const form of root.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential || form.dataset.ready) continue;
    form.dataset.ready = "1";
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
  for (const form of root.querySelectorAll("form[data-go]")) form.requestSubmit();
});
