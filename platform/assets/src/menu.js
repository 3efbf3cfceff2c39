// Menus made of <details data-menu>: Escape, a click elsewhere or leaving with Tab close them; arrows walk their links.
// Lists of results (data-walk="#results" on the field) are walked with the same arrows.
const focusable = "a[href], button:not([disabled])";
const open = () => document.querySelectorAll("details[data-menu][open]");

function close(menu, { back = false } = {}) {
  menu.open = false;
  if (back) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) close(menu);
});

document.addEventListener("focusin", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) close(menu);
});

function walk(items, step) {
  const at = items.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : at + step;
  items[(next + items.length) % items.length]?.focus();
}

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const menu = event.target.closest?.("details[data-menu]");
  if (menu) {
    if (event.key === "Escape" && menu.open) {
      event.preventDefault();
      return close(menu, { back: true });
    }
    if (step && !event.target.matches("input")) {
      event.preventDefault();
      menu.open = true;
      return walk([...menu.querySelectorAll(focusable)], step);
    }
  }
  const field = event.target.closest?.("[data-walk]") ?? document.querySelector("[data-walk]");
  const results = field && document.querySelector(field.dataset.walk);
  if (!results || (event.target !== field && !results.contains(event.target))) return;
  const items = [...results.querySelectorAll("a[href]")];
  if (step && items.length) {
    event.preventDefault();
    if (step < 0 && document.activeElement === items[0]) field.focus();
    else walk(items, step);
  } else if (event.key === "Escape" && event.target !== field) {
    field.focus();
  }
});
