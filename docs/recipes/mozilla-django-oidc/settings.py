"""mozilla-django-oidc 5. ISSUER, CLIENT_ID, CLIENT_SECRET, SECRET_KEY and DATABASE come from the environment."""
import os

ISSUER = os.environ["ISSUER"]
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "mozilla_django_oidc"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # It repeats the request with prompt=none once the ID token is older than OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS:
    # the library uses no refresh tokens.
    "mozilla_django_oidc.middleware.SessionRefresh",
]

AUTHENTICATION_BACKENDS = ["platform_backend.PlatformBackend"]
OIDC_RP_CLIENT_ID = os.environ["CLIENT_ID"]
OIDC_RP_CLIENT_SECRET = os.environ["CLIENT_SECRET"]
OIDC_OP_AUTHORIZATION_ENDPOINT = f"{ISSUER}/auth"
OIDC_OP_TOKEN_ENDPOINT = f"{ISSUER}/token"
OIDC_OP_USER_ENDPOINT = f"{ISSUER}/me"
OIDC_OP_JWKS_ENDPOINT = f"{ISSUER}/jwks"
# The library's defaults are HS256, the credentials in the body, no PKCE, and a scope that does not exist here.
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_TOKEN_USE_BASIC_AUTH = True
OIDC_USE_PKCE = True
OIDC_RP_SCOPES = "openid profile"
OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS = int(os.environ.get("RENEW_SECONDS", "600"))

# Signing out here signs out at the platform.
OIDC_STORE_ID_TOKEN = True
OIDC_OP_LOGOUT_URL_METHOD = "platform_backend.end_session"
OIDC_OP_LOGOUT_ENDPOINT = f"{ISSUER}/session/end"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
