"""A client with Authlib and Flask. Settings: ISSUER, CLIENT_ID, CLIENT_SECRET, PORT, SCOPE."""

import os
import secrets
import time

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, abort, redirect, render_template_string, request, session
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

ISSUER, CLIENT_ID = os.environ["ISSUER"], os.environ["CLIENT_ID"]
PORT = int(os.environ.get("PORT", "8080"))
BASE = f"http://localhost:{PORT}"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
app.config["SESSION_COOKIE_NAME"] = f"python_{PORT}"
platform = OAuth(app).register(
    "platform",
    client_id=CLIENT_ID,
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={
        "scope": os.environ.get("SCOPE", "openid profile"),
        "code_challenge_method": "S256",
    },
)

# Sessions, and the logout tokens that were received. Several processes need a database instead.
signed_in, seen = {}, set()

PAGE = """<!doctype html><html lang="zh-CN"><title>示例业务系统</title><h1>示例业务系统</h1>
{% if person %}<p id="name">{{ person.userinfo.name }}</p><p id="sub">{{ person.userinfo.sub }}</p>
<form method="post" action="/logout"><button>退出登录</button></form>
{% else %}<p><a href="/login">登录</a></p>{% endif %}"""


@app.get("/")
def home():
    return render_template_string(PAGE, person=signed_in.get(session.get("id")))


@app.get("/login")
def login():
    # Refresh tokens need the person's consent each time (OpenID Connect Core, 11).
    away = "offline_access" in platform.client_kwargs["scope"]
    return platform.authorize_redirect(f"{BASE}/callback", **({"prompt": "consent"} if away else {}))


@app.get("/callback")
def callback():
    try:
        # Checks state and verifier, then the ID token: signature, iss, aud, exp, nonce, at_hash.
        token = platform.authorize_access_token()
    except (OAuthError, JoseError) as error:
        return f"登录没有完成：{getattr(error, 'error', type(error).__name__)}", 400
    session.clear()
    session["id"] = secrets.token_urlsafe(32)
    signed_in[session["id"]] = {
        "token": token,
        "claims": token["userinfo"],
        "userinfo": platform.userinfo(token=token),
    }
    return redirect("/")


@app.post("/refresh")
def refresh():
    person = signed_in.get(session.get("id")) or abort(401)
    try:
        token = platform.fetch_access_token(
            grant_type="refresh_token", refresh_token=person["token"]["refresh_token"]
        )
    except OAuthError as error:
        return error.error, 400
    # The refresh token of a client with a secret stays the same; the answer repeats it.
    person["token"] = {**person["token"], **token}
    try:
        person["userinfo"] = platform.userinfo(token=token)
    except requests.HTTPError as error:
        return str(error.response.status_code), 502
    return redirect("/", 303)


@app.post("/logout")
def logout():
    person = signed_in.pop(session.pop("id", None), None)
    if not person:
        return redirect("/", 303)
    return platform.logout_redirect(
        post_logout_redirect_uri=f"{BASE}/", id_token_hint=person["token"]["id_token"]
    )


@app.post("/backchannel-logout")
def backchannel_logout():
    """The platform reports that a person signed out elsewhere (Back-Channel Logout 1.0, 2.6)."""
    try:
        claims = verified_logout(request.form.get("logout_token", ""))
    except (JoseError, ValueError):
        return {"error": "invalid_request"}, 400
    for key, person in list(signed_in.items()):
        if person["claims"]["sid"] == claims.get("sid", person["claims"]["sid"]):
            if person["claims"]["sub"] == claims.get("sub", person["claims"]["sub"]):
                del signed_in[key]
    return "", 200


def verified_logout(token):
    algorithms = platform.load_server_metadata()["id_token_signing_alg_values_supported"]
    try:
        keys = KeySet.import_key_set(platform.fetch_jwk_set())
        decoded = jwt.decode(token, keys, algorithms=algorithms)
    except InvalidKeyIdError:
        keys = KeySet.import_key_set(platform.fetch_jwk_set(force=True))
        decoded = jwt.decode(token, keys, algorithms=algorithms)
    claims = decoded.claims
    jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": CLIENT_ID},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    ).validate(claims)
    if decoded.header.get("typ") != "logout+jwt" or "nonce" in claims:
        raise ValueError("no logout token")
    if not isinstance(claims.get("events", {}).get(LOGOUT_EVENT), dict):
        raise ValueError("no logout")
    if "sub" not in claims and "sid" not in claims or claims["iat"] < time.time() - 120:
        raise ValueError("about nobody, or old")
    if claims["jti"] in seen:
        raise ValueError("it came before")
    seen.add(claims["jti"])
    return claims


if __name__ == "__main__":
    app.run("127.0.0.1", PORT)
