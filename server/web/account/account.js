// Does what a letter's link is for. What stands behind the # never reaches a server but in the body of this request,
// and it is taken out of the address, so that it does not stay in the browser's history.
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

const form = document.querySelector("form");
const button = form.querySelector("button");
const said = document.querySelector('[role="status"]');

function say(text) {
  said.textContent = text;
}

async function send() {
  const body = { token, ...Object.fromEntries(new FormData(form)) };
  const response = await fetch(form.dataset.to, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) {
    form.hidden = true;
    say(form.dataset.done);
    return;
  }
  const problem = await response.json();
  say((problem.fields ?? []).map((fault) => fault.message).join(" ") || problem.message);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  say("One moment …");
  try {
    await send();
  } catch {
    say("The server cannot be reached; try again.");
  }
  button.disabled = false;
});

if (!token) {
  form.hidden = true;
  say("This link is not whole: open it from the letter again.");
}
