// A slash leads to the search field, as on many sites. Everything else works without a script.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.getElementById("words") || document.getElementById("find");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
