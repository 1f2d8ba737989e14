from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils.html import format_html


def home(request):
    if not request.user.is_authenticated:
        return HttpResponse('<a href="/oidc/authenticate/">登录</a>')
    return HttpResponse(
        format_html(
            '<p id="name">{}</p><form method="post" action="/oidc/logout/">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><button>退出登录</button></form>',
            request.user.first_name,
            get_token(request),
        )
    )


urlpatterns = [path("", home), path("oidc/", include("mozilla_django_oidc.urls"))]
