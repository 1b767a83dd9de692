"""The settings as a process reads them, with the secrets of an installation that was given none."""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr, ValidationError

from server.config import Settings, SettingsError
from server.config.kinds import SECRET_BYTES


def load_settings() -> Settings:
    """The settings, with a signing secret in any case; raises SettingsError with a line for each wrong one."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError(
            [
                f"{str(problem['loc'][0]).upper()}: {problem['msg'].removeprefix('Value error, ')}"
                for problem in error.errors(include_url=False, include_input=False, include_context=False)
            ]
        ) from None
    kept: dict[str, object] = {}
    if not settings.jwt_secret.get_secret_value():
        kept["jwt_secret"] = kept_secret(settings.data_folder, "JWT_SECRET", lost="everybody signs in again")
    if not settings.data_keys:
        lost = "second factors are set up again"
        kept["data_keys"] = (kept_secret(settings.data_folder, "DATA_KEYS", lost=lost),)
    if not settings.vapid_private_key.get_secret_value() and settings.mongodb_url is None:
        lost = "devices subscribe anew to what is pushed"
        kept["vapid_private_key"] = kept_secret(settings.data_folder, "VAPID_PRIVATE_KEY", lost=lost, size=32)
    if not settings.media_secret.get_secret_value() and settings.mongodb_url is None:
        kept["media_secret"] = kept_secret(settings.data_folder, "MEDIA_SECRET", lost="start the media process anew")
    return settings.model_copy(update=kept)


def kept_secret(folder: Path, name: str, *, lost: str, size: int = 48) -> SecretStr:
    """The secret of an installation that was given none: made once, readable by its owner alone."""
    file = folder / name.lower().replace("_", "-")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as fresh:
                fresh.write(secrets.token_urlsafe(size))
        except FileExistsError:
            pass
        secret = file.read_text()
    except OSError as error:
        raise SettingsError(
            [f"DATA_FOLDER: {folder} cannot be written ({error.strerror}); set it to a folder that can, or {name}."]
        ) from None
    if len(secret) < SECRET_BYTES:
        raise SettingsError([f"{name}: {file} is damaged; delete it, and {lost}."])
    return SecretStr(secret)
