"""What is made from the settings: the README's table and `.env.example`; and a look at those that are set."""

import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from server.config import Settings, SettingsError
from server.config.loading import load_settings


def default_text(field: FieldInfo) -> str:
    """A default as it would be written in the environment."""
    value = field.default
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return "" if isinstance(value, SecretStr) or value is None else str(value)


def table() -> str:
    """The README's table of settings."""
    rows = [
        f"| `{name.upper()}` | {f'`{text}`' if (text := default_text(field)) else ''} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| setting | default | what it does |", "| --- | --- | --- |", *rows]) + "\n"


def env() -> str:
    """The text of `.env.example`: everything commented out, so that a copy changes nothing."""
    entries = [
        f"# {(field.description or '').replace('`', '')}\n# {name.upper()}={default_text(field)}\n"
        for name, field in Settings.model_fields.items()
    ]
    return "# Copy to .env and uncomment what you change. Made by `make settings`.\n\n" + "\n".join(entries)


def check() -> str:
    """Load the settings as the server would."""
    load_settings()
    return "The settings are fine.\n"


def update() -> str:
    """Write what is made from the settings where it belongs."""
    root = Path(__file__).parents[2]
    (root / ".env.example").write_text(env())
    readme = root / "README.md"
    before, opening, rest = readme.read_text().partition("<!-- settings -->\n")
    _, closing, after = rest.partition("<!-- /settings -->")
    if not closing:
        return "Wrote .env.example; README.md has no <!-- settings --> and <!-- /settings -->.\n"
    readme.write_text(before + opening + table() + closing + after)
    return "Wrote .env.example and the table in README.md.\n"


def main() -> None:
    """`python -m server.config WHAT`."""
    actions: dict[str, Callable[[], str]] = {"table": table, "env": env, "update": update, "check": check}
    match sys.argv[1:]:
        case [what] if what in actions:
            try:
                sys.stdout.write(actions[what]())
            except SettingsError as error:
                sys.exit(str(error))
        case _:
            sys.stdout.write(
                "usage: python -m server.config table|env|update|check\n"
                "  table  the README's table of settings, in Markdown\n"
                "  env    the text of .env.example\n"
                "  update write both where they belong\n"
                "  check  read the settings as the server does, and name every wrong one\n"
            )


if __name__ == "__main__":
    main()
