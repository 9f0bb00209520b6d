addEventListener("click", (event) => {
  if (!event.target.closest("#load-again")) return;
  event.preventDefault();
  location.reload();
});
addEventListener("error", ({ target }) => target.tagName === "SCRIPT" && document.documentElement.classList.add("incomplete"), true);
