/* What was received, again every two seconds, except while someone types an answer. */
const place = document.querySelector("#received");
setInterval(async () => {
  const typing = [...place.querySelectorAll("input[name=text]")].some((field) => field.value || field === document.activeElement);
  if (typing || document.hidden) return;
  const answer = await fetch("/received").catch(() => null);
  if (!answer?.ok) return;
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (read.body.textContent !== place.textContent) place.replaceChildren(...read.body.childNodes);
}, 2000);
