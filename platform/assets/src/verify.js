// Compares a copy with the fingerprint of the approved document, here: the file is read and never sent.
const place = document.querySelector("[data-verify]");

if (place && window.crypto?.subtle) {
  const input = place.querySelector("[data-verify-file]");
  const answer = place.querySelector("[data-verify-answer]");
  place.hidden = false;
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    answer.textContent = "Comparando…";
    try {
      const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      answer.textContent =
        hex === place.dataset.verify
          ? "Su copia es idéntica al documento aprobado."
          : "Su copia es distinta del documento aprobado. Puede ser otra versión, una copia escaneada o guardada con otro programa, o un documento cambiado.";
    } catch {
      answer.textContent = "No pudimos leer ese archivo. Ciérrelo en otros programas y elíjalo otra vez, o compare la huella a mano.";
    }
  });
}
