"""JupyterHub with oauthenticator 17. ISSUER, CLIENT_ID, CLIENT_SECRET, BASE and JUPYTERHUB_CRYPT_KEY come from the environment."""
import os
from urllib.parse import urlencode

from oauthenticator.generic import GenericOAuthenticator

c = get_config()  # noqa: F821
ISSUER, BASE = os.environ["ISSUER"], os.environ["BASE"]

c.JupyterHub.authenticator_class = GenericOAuthenticator
c.GenericOAuthenticator.login_service = "统一用户平台"
c.GenericOAuthenticator.client_id = os.environ["CLIENT_ID"]
c.GenericOAuthenticator.client_secret = os.environ["CLIENT_SECRET"]
c.GenericOAuthenticator.oauth_callback_url = f"{BASE}/hub/oauth_callback"
c.GenericOAuthenticator.authorize_url = f"{ISSUER}/auth"
c.GenericOAuthenticator.token_url = f"{ISSUER}/token"
c.GenericOAuthenticator.userdata_url = f"{ISSUER}/me"
c.GenericOAuthenticator.basic_auth = True
c.GenericOAuthenticator.scope = ["openid", "profile", "offline_access"]
# offline_access takes effect only where the person is asked (OpenID Connect Core 1.0, 11).
c.GenericOAuthenticator.extra_authorize_params = {"prompt": "consent"}
# There is no email claim. JupyterHub's usernames are lower case, and `sub` is too; it never changes.
c.GenericOAuthenticator.username_claim = "sub"
c.GenericOAuthenticator.allow_all = True
# Refresh tokens are stored, encrypted with JUPYTERHUB_CRYPT_KEY, and used when userinfo refuses the access token.
c.Authenticator.enable_auth_state = True
c.Authenticator.auth_refresh_age = int(os.environ.get("REFRESH_SECONDS", "300"))
# Signing out here signs out at the platform.
c.GenericOAuthenticator.logout_redirect_url = f"{ISSUER}/session/end?" + urlencode(
    {"client_id": os.environ["CLIENT_ID"], "post_logout_redirect_uri": f"{BASE}/hub/login"}
)
