"""The hall's unified login (OpenID Connect): where to send a browser, and who came back. The protocol is authlib's.

Authorization code with PKCE (RFC 7636), state and nonce; the ID token's signature, issuer, audience, times and nonce
are checked (OpenID Connect Core 1.0, 3.1.3.7). What the provider publishes of itself is kept for an hour.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Final

import httpx
from authlib.integrations.base_client import OpenIDMixin
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.client import OAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_token_request
from authlib.oidc.core import ImplicitIDToken, UserInfo
from authlib.oidc.discovery import get_well_known_url

from punchsync.deliver.http import trust
from punchsync.desk.access.oidc_flow import Flow
from punchsync.settings.kinds import an_issuer
from punchsync.settings.parts import OidcPart

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""How an ID token may be signed: by a key that only the provider has. Not `none`, nor by a secret that we share."""
FRESH: Final = 3600.0
"""Seconds for which the provider's settings and keys are kept."""
PATIENCE: Final = 5.0
"""Seconds that each part of a question to the provider may take."""
WHOLE: Final = 15.0
"""Seconds that all of it may take."""
MOST: Final = 2**20
"""Bytes of an answer."""
SKEW: Final = 60
"""Seconds that the two clocks may differ by."""
HEADERS: Final = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


class Unreachable(Exception):
    """The provider can't be asked, or answers nothing that could be understood; carries a code."""


class Untrusted(Exception):
    """What came back is not to be believed; carries a code."""


class Provider(OpenIDMixin):  # type: ignore[misc] # authlib has no types
    """One provider, as the settings have it; any thread may ask."""

    def __init__(self, part: OidcPart, secret: str | None) -> None:
        self.part, self.client_id, self._secret = part, part.client, secret
        self._client = httpx.Client(
            timeout=PATIENCE,
            follow_redirects=False,
            trust_env=False,
            verify=trust("https"),
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def away(self, flow: Flow) -> str:
        """Where to send a browser; raises Unreachable."""
        client = OAuth2Client(
            None, client_id=self.client_id, scope=scope_for(self.part.claim), redirect_uri=flow.back,
            code_challenge_method="S256",
        )  # fmt: skip
        url, _state = client.create_authorization_url(
            self._endpoint("authorization_endpoint"), state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier
        )
        return str(url)

    def subject(self, code: str, flow: Flow) -> str:
        """How the provider calls whoever came back with a code; raises Unreachable or Untrusted."""
        body = prepare_token_request(
            "authorization_code", redirect_uri=flow.back, code=code, code_verifier=flow.verifier
        )
        url, headers, body = ClientAuth(self.client_id, self._secret, self._way()).prepare(
            "POST", self._endpoint("token_endpoint"), dict(HEADERS), body
        )
        token = self._json("POST", url, headers, body)
        if not isinstance(token.get("id_token"), str):
            raise Untrusted("no_id_token")
        options = {
            "iss": {"essential": True, "value": self.load_server_metadata()["issuer"]},
            "aud": {"essential": True, "value": self.client_id},
        }
        try:
            said: UserInfo = self.parse_id_token(
                token, flow.nonce, claims_options=options, claims_cls=ImplicitIDToken, leeway=SKEW
            )
        except (Unreachable, Untrusted):
            raise
        except Exception as error:  # joserfc and authlib have many, and bad keys raise ValueError
            raise Untrusted(type(error).__name__) from None
        return subject_of(said, self.part.claim)

    def load_server_metadata(self) -> dict[str, Any]:
        """What the provider says of itself, with no algorithms but those that are good; for authlib."""
        found = self._keep("metadata", get_well_known_url(self.part.issuer, external=True))
        if str(found.get("issuer", "")).rstrip("/") != self.part.issuer.rstrip("/"):
            raise Untrusted("other_issuer")
        said = found.get("id_token_signing_alg_values_supported")
        good = [a for a in ALGORITHMS if not isinstance(said, list) or a in said]
        if not good:
            raise Untrusted("algorithms")
        return {**found, "id_token_signing_alg_values_supported": good}

    def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:
        """The provider's keys, asked for anew if a token names one that is not among them; for authlib."""
        if force:
            self._kept.pop("keys", None)
        return self._keep("keys", self._endpoint("jwks_uri"))

    def _endpoint(self, name: str) -> str:
        """An address that the provider tells; raises Untrusted for one that others could listen to."""
        found = self.load_server_metadata().get(name)
        try:
            an_issuer(str(found).partition("?")[0])
        except ValueError:
            raise Untrusted(name) from None
        return str(found)

    def _way(self) -> str:
        """How we prove who we are to the provider."""
        if self._secret is None:
            return "none"
        said = self.load_server_metadata().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in said else "client_secret_post"

    def _keep(self, name: str, url: str) -> dict[str, Any]:
        there = self._kept.get(name)
        if there is None or time.monotonic() - there[0] >= FRESH:
            there = self._kept[name] = (time.monotonic(), self._json("GET", url, {"Accept": "application/json"}))
        return there[1]

    def _json(self, method: str, url: str, headers: Mapping[str, str], body: str | None = None) -> dict[str, Any]:
        """An object that the provider answers; raises Unreachable, Untrusted for a code that it does not take."""
        taken, began = b"", time.monotonic()
        try:
            with self._client.stream(method, url, headers=headers, content=body) as response:
                for piece in response.iter_bytes():
                    taken += piece
                    if len(taken) > MOST or time.monotonic() - began > WHOLE:
                        raise Unreachable("too_long")
                status = response.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(type(error).__name__) from None
        if method == "POST" and 400 <= status < 500:
            raise Untrusted(f"status_{status}")
        try:
            found = json.loads(taken)
        except ValueError:
            raise Unreachable("no_json") from None
        if status != 200 or not isinstance(found, dict):
            raise Unreachable(f"status_{status}")
        return found


def scope_for(claim: str) -> str:
    """The scopes by which a provider tells a claim."""
    by_claim = {c: scope for scope, claims in UserInfo.SCOPES_CLAIMS_MAPPING.items() for c in claims}
    more = by_claim.get(claim, "profile")
    return "openid" if more == "openid" else f"openid {more}"


def subject_of(said: Mapping[str, Any], claim: str) -> str:
    """The claim by which accounts are found; raises Untrusted for one that is missing, or that nobody verified."""
    value = said.get(claim)
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value):
        raise Untrusted("no_claim")
    # An address that anybody could enter for himself proves nothing.
    for checked in ("email", "phone_number"):
        if claim == checked and said.get(f"{checked}_verified") is not True:
            raise Untrusted("unverified_claim")
    return str(value)
