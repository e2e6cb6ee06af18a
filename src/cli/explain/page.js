
(() => {
  const pieces = [...document.querySelectorAll(".piece")];
  const boxes = [...document.querySelectorAll(".reasons input")];
  const words = document.getElementById("words");
  const status = document.getElementById("shown");
  // A close call: the chance is neither low nor high.
  const doubtful = (piece) => piece.dataset.chance > 0.15 && piece.dataset.chance < 0.75;
  let onlyDoubtful = false;

  const update = () => {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const text = words.value.trim().toLowerCase();
    let count = 0;
    for (const piece of pieces) {
      const show = wanted.has(piece.dataset.reason) && (!onlyDoubtful || doubtful(piece)) &&
        (!text || piece.querySelector(".text").textContent.toLowerCase().includes(text));
      piece.hidden = !show;
      count += show;
    }
    status.textContent = `${count} of ${pieces.length} block${pieces.length === 1 ? " is" : "s are"} shown`;
  };

  const buttons = {
    all: () => boxes.forEach((box) => { box.checked = true; }),
    kept: () => boxes.forEach((box) => { box.checked = box.value === "kept"; }),
    removed: () => boxes.forEach((box) => { box.checked = box.value !== "kept"; }),
    doubtful: () => { buttons.all(); onlyDoubtful = true; },
  };
  document.querySelector(".controls").addEventListener("click", (event) => {
    const what = event.target.dataset.do;
    if (!what) return;
    onlyDoubtful = false;
    buttons[what]();
    update();
  });
  boxes.forEach((box) => box.addEventListener("change", update));
  words.addEventListener("input", update);
  document.querySelector(".controls").addEventListener("submit", (event) => event.preventDefault());

  const move = (by, fits) => {
    const shown = pieces.filter((piece) => !piece.hidden && fits(piece));
    if (!shown.length) return;
    const here = document.activeElement.closest(".piece");
    let next;
    if (by > 0) {
      next = here ? shown.find((piece) => here.compareDocumentPosition(piece) & Node.DOCUMENT_POSITION_FOLLOWING) : shown[0];
    } else {
      next = here ? shown.filter((piece) => here.compareDocumentPosition(piece) & Node.DOCUMENT_POSITION_PRECEDING).pop() : shown[shown.length - 1];
    }
    if (next) next.focus();
  };
  const any = () => true;
  const removed = (piece) => piece.classList.contains("removed");
  const keys = {
    j: () => move(1, any), k: () => move(-1, any), n: () => move(1, removed), p: () => move(-1, removed),
    e: () => {
      const here = document.activeElement.closest(".piece");
      if (here) { const box = here.querySelector("details"); box.open = !box.open; }
    },
    "/": () => words.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === words) {
      if (event.key === "Escape") { words.value = ""; update(); words.blur(); }
      return;
    }
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });

  document.documentElement.classList.add("scripted");
  update();
})();
