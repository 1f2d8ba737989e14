from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import include, path
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from social_django.utils import load_backend, load_strategy

BUTTON = '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}"><button>{}</button></form>'


def home(request):
    token = get_token(request)
    if not request.user.is_authenticated:
        return HttpResponse(format_html(BUTTON, "/login/oidc/", token, "登录"))
    name = request.user.get_full_name()
    buttons = format_html(BUTTON * 2, "/refresh", token, "刷新", "/logout", token, "退出登录")
    return HttpResponse(format_html('<p id="name">{}</p>{}', name, buttons))


@require_POST
def refresh(request):
    request.user.social_auth.get(provider="oidc").refresh_token(load_strategy(request))
    return redirect("/")


@require_POST
def sign_out(request):
    logout(request)
    backend = load_backend(load_strategy(request), "oidc", None)
    params = {"client_id": settings.SOCIAL_AUTH_OIDC_KEY, "post_logout_redirect_uri": request.build_absolute_uri("/")}
    return redirect(f"{backend.oidc_config()['end_session_endpoint']}?{urlencode(params)}")


urlpatterns = [
    path("", home),
    path("refresh", refresh),
    path("logout", sign_out),
    path("", include("social_django.urls", namespace="social")),
]
