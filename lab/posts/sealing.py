"""Encryption of kept pages: the portal's secret and the browser's own are both needed."""

from __future__ import annotations

import base64
import hashlib
import zlib

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app, session
from flask_wtf.csrf import generate_csrf

from lab.web.request.headers import csp_nonce

# Of every session on its own, renewed with it, known only to the portal and this browser.
_BROWSER_SECRET = "csrf_token"
_NONCE_LENGTH = 22  # of `headers.csp_nonce`


def browser_secret() -> str:
    """Return the secret of this browser's session, made if there is none."""
    if _BROWSER_SECRET not in session:
        generate_csrf()
    return str(session[_BROWSER_SECRET])


def known_secret() -> str:
    """Return the secret of this browser's session, "" if there is none yet."""
    return str(session.get(_BROWSER_SECRET, ""))


def digest(text: str) -> str:
    """Return the SHA-256 of a random secret, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _cipher(browser: str) -> Fernet:
    secret = current_app.config["SECRET_KEY"].encode()
    salt = browser.encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"kept page").derive(secret)
    return Fernet(base64.urlsafe_b64encode(key))


def seal(page: str) -> str:
    """Return the page compressed and encrypted for this browser, with the nonce of its scripts."""
    return _cipher(browser_secret()).encrypt(zlib.compress((csp_nonce() + page).encode())).decode()


def unseal(sealed: str) -> str:
    """Return the page with the present nonce in place of its own.

    Raises cryptography.fernet.InvalidToken for another browser's.
    """
    kept = zlib.decompress(_cipher(browser_secret()).decrypt(sealed.encode())).decode()
    return kept[_NONCE_LENGTH:].replace(kept[:_NONCE_LENGTH], csp_nonce())


def reseal(sealed: str, before: str) -> str:
    """Return a page that was sealed under the secret `before`, sealed for the present session."""
    plain = _cipher(before).decrypt(sealed.encode())
    return _cipher(browser_secret()).encrypt(plain).decode()
