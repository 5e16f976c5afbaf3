/* Which columns the day shows: the filter by name, speciality or site. The address follows, so that
   a reload, or another day, keeps what is shown; so do the boxes of the menu and the telephone's tabs. */

const PAUSE_MS = 150;

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text) => folded(text).split(/[\s’'-]+/).filter((word) => word && word !== "dr");
const all = (selector) => [...document.querySelectorAll(selector)];

/** The columns whose words begin with each of those typed, in their order. */
function matching(typed) {
  const asked = wordsOf(typed);
  return all("[data-column]").filter(({ dataset }) => {
    const known = wordsOf(dataset.column);
    return asked.every((one) => known.some((word) => word.startsWith(one)));
  }).map((label) => label.querySelector("input").value);
}

/** What else on the page says which columns are shown; given back as it was by `restore`. */
function surroundings() {
  const boxes = all("[data-column] input");
  const tabs = all("[data-tab]");
  const links = all(".columns-bar [aria-current]");
  const count = document.querySelector("[data-columns-count]");
  const before = { count: count.textContent, ticked: boxes.map((box) => box.checked), tabs: tabs.map((tab) => [tab.hidden, tab.ariaCurrent]) };
  return {
    follow(shown) {
      for (const box of boxes) box.checked = shown.includes(box.value);
      for (const tab of tabs) {
        tab.hidden = !shown.includes(tab.dataset.tab);
        tab.ariaCurrent = tab.dataset.tab === shown[0] ? "true" : null;
      }
      for (const link of links) link.ariaCurrent = null;
      count.textContent = `${shown.length}/${boxes.length}`;
    },
    restore() {
      boxes.forEach((box, n) => (box.checked = before.ticked[n]));
      tabs.forEach((tab, n) => ([tab.hidden, tab.ariaCurrent] = before.tabs[n]));
      for (const link of links) link.ariaCurrent = "true";
      count.textContent = before.count;
    },
  };
}

export function startColumns({ root, show }) {
  const field = document.querySelector("[data-columns-filter]");
  if (!field) return;
  const says = document.querySelector("[data-columns-say]");
  const before = { agendas: root.dataset.agendas, search: location.search, said: says.textContent };
  const most = Number(field.dataset.most);
  const around = surroundings();
  let timer;

  function filter() {
    const typed = field.value.trim();
    if (!wordsOf(typed).length) return restore();
    const found = matching(typed);
    if (!found.length) {
      says.textContent = `${says.dataset.none} « ${typed} ».`;
      return;
    }
    const shown = found.slice(0, most);
    const rest = found.length > shown.length ? `${shown.length} ${says.dataset.of} ${found.length}` : found.length;
    says.textContent = `${rest} ${says.dataset.columns}`;
    const address = new URLSearchParams(location.search);
    address.delete("agenda");
    for (const one of shown) address.append("agenda", one);
    around.follow(shown);
    go(shown.join(","), `?${address}`);
  }

  function restore() {
    says.textContent = before.said;
    around.restore();
    go(before.agendas, before.search);
  }

  function go(agendas, search) {
    if (root.dataset.agendas === agendas) return;
    root.dataset.agendas = agendas;
    history.replaceState(history.state, "", `${location.pathname}${search}`);
    show();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(filter, PAUSE_MS);
  });
  // Typed while the page was still coming.
  if (field.value.trim()) timer = setTimeout(filter, PAUSE_MS);
  field.addEventListener("keydown", (event) => {
    if (!["Escape", "Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(timer);
    if (event.key !== "Escape") {
      filter();
      root.focus();
    } else if (field.value) {
      field.value = "";
      restore();
    } else document.getElementById("page").focus();
  });
}
