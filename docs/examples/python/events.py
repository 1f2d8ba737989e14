"""A receiver of events that polls (RFC 8936). Settings: ISSUER, CLIENT_ID, CLIENT_SECRET."""

import json
import os
from urllib.parse import urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import KeySet

ISSUER, CLIENT_ID = os.environ["ISSUER"], os.environ["CLIENT_ID"]
parts = urlsplit(ISSUER)
METADATA = f"{parts.scheme}://{parts.netloc}/.well-known/ssf-configuration{parts.path}"
transmitter = requests.get(METADATA, timeout=10).json()
keys = KeySet.import_key_set(requests.get(transmitter["jwks_uri"], timeout=10).json())
token = ""


def call(method, address, body=None, again=True):
    """Calls the platform. An access token lasts for ten minutes, so a new one is requested when it is refused."""
    global token
    headers = {"Authorization": f"Bearer {token}"}
    response = requests.request(method, address, json=body, headers=headers, timeout=10)
    if response.status_code != 401 or not again:
        return response
    answer = requests.post(
        f"{ISSUER}/token",
        auth=(CLIENT_ID, os.environ["CLIENT_SECRET"]),
        data={"grant_type": "client_credentials", "scope": "ssf.manage"},
        timeout=10,
    )
    token = answer.json()["access_token"]
    return call(method, address, body, False)


def verified(token):
    decoded = jwt.decode(token, keys, algorithms=["RS256"])
    claims = decoded.claims
    if decoded.header.get("typ") != "secevent+jwt" or claims["iss"] != ISSUER or claims["aud"] != CLIENT_ID:
        raise ValueError("not an event for this client")
    return claims


# A client has one stream: 409 means that it exists.
call("POST", transmitter["configuration_endpoint"], {"delivery": {"method": "urn:ietf:rfc:8936"}})
stream = call("GET", transmitter["configuration_endpoint"]).json()[0]
print("stream", stream["stream_id"], flush=True)

ack = []
while True:
    # The answer comes as soon as there is an event, after five seconds at the latest.
    response = call("POST", stream["delivery"]["endpoint_url"], {"ack": ack})
    response.raise_for_status()
    sets = response.json()["sets"]
    for claims in map(verified, sets.values()):
        [(name, event)] = claims["events"].items()
        # Act here, e.g. end the local sessions of `sub`. An event can come twice: claims["jti"] tells.
        print(name.split("/")[-1], claims["sub_id"].get("sub"), json.dumps(event), flush=True)
    ack = list(sets)
