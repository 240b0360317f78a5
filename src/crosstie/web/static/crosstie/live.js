"use strict";
// A button whose request failed must not look as if it had worked.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    const verb = event.detail.requestConfig ? event.detail.requestConfig.verb : "get";
    const place = document.getElementById("answer");
    if (verb === "get" || !place) return;
    const line = document.createElement("p");
    line.className = "answer warning";
    line.textContent = place.dataset.lost;
    place.replaceChildren(line);
  });
}
