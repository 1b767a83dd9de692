// Does what a letter's link is for. What stands behind the # never reaches a server but in the body of a request,
// and it is taken out of the address, so that it does not stay in the browser's history.
export const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

export const form = document.querySelector("form");
const button = form.querySelector("button");
const said = document.querySelector('[role="status"]');

export function say(text) {
  said.textContent = text;
}

// Asks, and gives the answer; whatever is refused is an error whose message is for the person.
export async function post(address, body) {
  let response, answer;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    // What is done may have nothing to say.
    answer = text ? JSON.parse(text) : null;
  } catch {
    throw new Error("The server cannot be reached; try again.");
  }
  if (!response.ok) throw new Error((answer.fields ?? []).map((fault) => fault.message).join(" ") || answer.message);
  return answer;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  say("One moment …");
  try {
    await post(form.dataset.to, { token, ...Object.fromEntries(new FormData(form)) });
    form.hidden = true;
    say(form.dataset.done);
  } catch (refusal) {
    say(refusal.message);
  }
  button.disabled = false;
});

if (!token) {
  form.hidden = true;
  say("This link is not whole: open it from the letter again.");
}
