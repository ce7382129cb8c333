// Before anything is painted: that there is a script, and the theme that was chosen.
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* A page in a file may have no storage. */ }
