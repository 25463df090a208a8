(() => {
  "use strict";
  const root = document.documentElement, all = (s, r = document) => [...r.querySelectorAll(s)], one = s => document.querySelector(s);
  root.classList.add("scripted");

  const copied = (text, button) => {
    const said = () => { const was = button.textContent; button.textContent = "Copied"; setTimeout(() => (button.textContent = was), 1200); };
    const byHand = () => { const a = document.createElement("textarea"); a.value = text; document.body.append(a); a.select(); document.execCommand("copy"); a.remove(); said(); };
    navigator.clipboard ? navigator.clipboard.writeText(text).then(said, byHand) : byHand();
  };
  document.addEventListener("click", event => {
    const button = event.target.closest(".copy");
    if (button) copied(button.parentNode.querySelector("code").textContent, button);
  });

  one("#theme")?.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  // The filter: words, is:, device:, mode:, dtype:, each with a minus before it to leave out; it is part of the address.
  const q = one("#q");
  if (!q) return;
  const rows = all(".matrix tr[data-eq]").map(tr => {
    const columns = all("thead abbr", tr.closest("table")).map(a => a.title.split(" "));
    return { tr, name: tr.dataset.eq, is: tr.dataset.is.split(" "), text: tr.textContent.toLowerCase() + " " + tr.dataset.eq, columns, cells: all("td:not(.says)", tr) };
  });
  const place = { device: 0, mode: 1, dtype: 2 };
  const filter = () => {
    const words = q.value.trim().toLowerCase().split(/\s+/).filter(Boolean).map(word => {
      const not = word.length > 1 && word[0] === "-", [key, value] = (not ? word.slice(1) : word).split(/:(.*)/s);
      return { not, key: value === undefined ? "" : key, value: value === undefined ? key : value };
    });
    const columns = words.filter(w => w.key in place), others = words.filter(w => !(w.key in place));
    let shown = 0;
    for (const row of rows) {
      let fits = others.every(w => w.not !== (w.key === "is" ? row.is.includes(w.value) : row.text.includes(w.value)));
      let any = !columns.length;
      row.cells.forEach((td, k) => {
        const on = td.textContent !== "" && columns.every(w => w.not !== (row.columns[k][place[w.key]].toLowerCase() === w.value));
        td.classList.toggle("off", columns.length > 0 && !on);
        any ||= on;
      });
      fits &&= any;
      row.tr.hidden = !fits;
      const details = document.getElementById("eq-" + row.name);
      if (details) details.hidden = !fits;
      shown += fits;
    }
    for (const box of all(".scroll")) box.hidden = !all("tr[data-eq]", box).some(tr => !tr.hidden);
    one("#found").textContent = words.length ? `${shown} of ${rows.length} equations` : "";
    for (const chip of all(".tools .chip")) chip.setAttribute("aria-pressed", q.value.includes(chip.dataset.q));
    const hash = q.value.trim() ? "#q=" + encodeURIComponent(q.value.trim()) : "";
    if (hash || location.hash.startsWith("#q=")) history.replaceState(null, "", location.pathname + location.search + hash);
  };
  q.addEventListener("input", filter);
  for (const chip of all(".tools .chip")) chip.addEventListener("click", () => {
    const has = q.value.includes(chip.dataset.q);
    q.value = has ? q.value.replace(chip.dataset.q, "").trim() : (q.value + " " + chip.dataset.q).trim();
    filter();
  });

  // Arrows move between the cells that there are.
  const open = name => { const d = document.getElementById("eq-" + name); if (d) { d.hidden = false; d.open = true; d.scrollIntoView(); d.querySelector("summary").focus({ preventScroll: true }); } };
  for (const row of rows) for (const td of row.cells) if (td.textContent) td.tabIndex = -1;
  const first = rows[0]?.cells.find(td => td.textContent);
  if (first) first.tabIndex = 0;
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) { event.preventDefault(); q.focus(); q.select(); return; }
    if (event.key === "Escape" && document.activeElement === q) { q.value = ""; filter(); q.blur(); return; }
    const td = document.activeElement.closest?.(".matrix td");
    if (!td) return;
    const visible = rows.filter(r => !r.tr.hidden), i = visible.findIndex(r => r.tr === td.parentNode), k = visible[i].cells.indexOf(td);
    if (event.key === "Enter") { event.preventDefault(); open(visible[i].name); return; }
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    let [r, c] = [i + step[0], k + step[1]];
    while (visible[r] && c >= 0 && c < visible[r].cells.length) {
      const next = visible[r].cells[c];
      if (next?.textContent) { td.tabIndex = -1; next.tabIndex = 0; next.focus(); return; }
      r += step[0]; c += step[1];
    }
  });

  const go = () => {
    const hash = decodeURIComponent(location.hash);
    if (hash.startsWith("#q=")) { q.value = hash.slice(3); filter(); } else if (hash.startsWith("#eq-")) open(hash.slice(4));
  };
  addEventListener("hashchange", go);
  go();
  one("#all")?.addEventListener("click", event => {
    const opens = event.target.textContent === "open all";
    for (const d of all("details.eq")) d.open = opens;
    event.target.textContent = opens ? "close all" : "open all";
  });
  addEventListener("beforeprint", () => { for (const d of all("details.legend, details.accepted")) d.open = true; });
})();
