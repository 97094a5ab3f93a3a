// Asks why something is rejected, in a dialog that the keyboard can use: Enter rejects, Escape leaves.

const by = (id) => document.getElementById(id);

/** A function that asks about something with this name; its promise gives the reason, null for "leave it". */
export function reasonPrompt() {
  const [dialog, words] = [by("reason"), by("reason-words")];
  for (const offer of dialog.querySelectorAll("[data-offer]")) {
    offer.addEventListener("click", () => {
      words.value = offer.textContent.trim();
      words.focus();
    });
  }
  return function ask(name) {
    by("reason-of").textContent = `It is ${name}.`;
    words.value = "";
    dialog.returnValue = "";
    dialog.showModal();
    words.focus();
    return new Promise((resolve) => {
      const answer = () => resolve(dialog.returnValue === "reject" ? words.value.trim() || null : null);
      dialog.addEventListener("close", answer, { once: true });
    });
  };
}
