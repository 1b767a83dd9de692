// Its own file, because the page allows no inline script.
AsyncApiStandalone.render(
  { schema: { url: "/docs/asyncapi.json" }, config: { show: { sidebar: true, errors: true } } },
  document.getElementById("page"),
);
