// Typing one thing after another: in <textarea data-enter-sends> Enter sends the form and Shift + Enter makes a line.
// Where nothing is written, Enter does nothing; a word still being composed (an accent, another alphabet) is left alone.
document.addEventListener("keydown", (event) => {
  const area = event.target;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!(area instanceof HTMLTextAreaElement) || !area.hasAttribute("data-enter-sends")) return;
  event.preventDefault();
  if (area.value.trim()) area.form?.requestSubmit();
});
