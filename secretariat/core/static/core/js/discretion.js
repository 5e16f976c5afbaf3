/* A patient leans over the counter: one key blurs every .private; the choice stays in this tab. */

const KEPT = "secretariat:blurred";

export function startDiscretion() {
  const button = document.querySelector("[data-blur]");
  const show = () => {
    const on = sessionStorage[KEPT] === "on";
    document.body.classList.toggle("blurred", on);
    button?.setAttribute("aria-pressed", String(on));
  };
  button?.addEventListener("click", () => {
    sessionStorage[KEPT] = sessionStorage[KEPT] === "on" ? "off" : "on";
    show();
  });
  show();
}
