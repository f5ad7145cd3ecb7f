"""Session tokens as anybody may read and check them, without a library: JWTs signed with RS256."""

import base64
import hashlib
import json

from .check import Wrong, equal

# What stands before a SHA-256 hash in a signature (RFC 8017, section 9.2, note 1).
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def _bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _parts(token):
    parts = token.split(".") if isinstance(token, str) else ()
    if len(parts) != 3:
        raise Wrong(f"not a JWT: {token!r:.120}")
    return parts


def header(token):
    return json.loads(_bytes(_parts(token)[0]))


def claims(token):
    return json.loads(_bytes(_parts(token)[1]))


def genuine(token, keys):
    """The claims of a token, after its signature was checked with the key it names."""
    head, body, signature = _parts(token)
    equal(header(token).get("alg"), "RS256", "alg")
    key = next((one for one in keys if one["kid"] == header(token).get("kid")), None)
    if key is None:
        raise Wrong(f"no key {header(token).get('kid')!r} among {[one['kid'] for one in keys]}")
    modulus, exponent = (int.from_bytes(_bytes(key[name])) for name in ("n", "e"))
    size = (modulus.bit_length() + 7) // 8
    seen = pow(int.from_bytes(_bytes(signature)), exponent, modulus).to_bytes(size)
    digest = _SHA256 + hashlib.sha256(f"{head}.{body}".encode()).digest()
    if seen != b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest:
        raise Wrong("the signature does not fit")
    return claims(token)


def _der(tag, *contents):
    content = b"".join(contents)
    size = len(content)
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    head = bytes((tag, size)) if size < 128 else bytes((tag, 128 | len(octets))) + octets
    return head + content


def pem(key):
    """A published key in the form in which the clients take it as a setting (RFC 5280, RFC 8017)."""
    modulus, exponent = (_der(2, b"\0" * (_bytes(key[name])[0] >> 7) + _bytes(key[name])) for name in ("n", "e"))
    kind = _der(48, bytes.fromhex("06092a864886f70d0101010500"))
    text = base64.encodebytes(_der(48, kind, _der(3, b"\0", _der(48, modulus, exponent)))).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}-----END PUBLIC KEY-----"


def forged(token):
    """The same token with other claims under the old signature."""
    head, _, signature = _parts(token)
    body = json.dumps({**claims(token), "sub": "user_forged"}).encode()
    return ".".join((head, base64.urlsafe_b64encode(body).rstrip(b"=").decode(), signature))
