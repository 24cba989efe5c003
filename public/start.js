// Before the first paint: the screen, the theme, whether there is something to show, and the language, as the app has last
// noted them. Without a note the system's theme and language hold. All else is the app's.
"use strict";
{
  const root = document.documentElement;
  let note = "";
  try {
    note = localStorage.getItem("tidemark:frame") ?? "";
  } catch {
    // A browser that keeps nothing has nothing to tell.
  }
  const [theme, start, language] = note.split(" ");
  root.lang = language ?? navigator.language.split("-")[0];
  if (theme === "light" || theme === "dark") {
    root.dataset.theme = theme;
    const metas = [...document.querySelectorAll("meta[name=theme-color]")];
    const colour = metas.find((meta) => meta.media.includes(theme)).content;
    metas.forEach((meta) => (meta.content = colour));
  }
  root.dataset.screen = location.pathname.replaceAll("/", "") || "home";
  root.dataset.start = start === "known" ? "known" : "new";
}
