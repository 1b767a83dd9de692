"""What is kept encrypted: the only module that knows cryptography.

Fernet (AES-CBC with an HMAC, versioned and timed) by the library's own way of exchanging keys: the first key seals,
every key opens.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class KeyVault:
    """Seals texts by secrets of any form, of at least 32 bytes."""

    def __init__(self, *secrets: bytes) -> None:
        keys = (base64.urlsafe_b64encode(hashlib.sha256(b"vault:" + secret).digest()) for secret in secrets)
        self._keys = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str, *, of: str) -> str:
        """A text that says nothing without a key; it opens for the same `of` alone."""
        return self._keys.encrypt(f"{of}:{text}".encode()).decode()

    def open(self, sealed: str, *, of: str) -> str:
        """What was sealed; raises ValueError if no key is its own, or if it is another's."""
        try:
            whose, _, text = self._keys.decrypt(sealed.encode()).decode().partition(":")
        except InvalidToken:
            raise ValueError("None of the DATA_KEYS opens this.") from None
        if whose != of:
            raise ValueError("This was sealed for somebody else.")
        return text
