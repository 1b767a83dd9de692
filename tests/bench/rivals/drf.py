"""Django REST Framework with simplejwt, read without a database, under gunicorn with threads that keep connections.

It is run in an environment of its own, and imports nothing of this project.
"""
# mypy: ignore-errors

import json
import os
import signal
import sys
import threading
from datetime import timedelta
from typing import Any

import django
from django.conf import settings
from gunicorn.app.base import BaseApplication

settings.configure(
    SECRET_KEY=os.environ["BENCH_SECRET"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("BENCH_SQLITE", ":memory:")}},
    PASSWORD_HASHERS=[f"{__name__}.Argon2"],
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTStatelessUserAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
    SIMPLE_JWT={
        "ACCESS_TOKEN_LIFETIME": timedelta(hours=1),
        "ISSUER": "skillnet",
        "AUDIENCE": "skillnet",
        "TOKEN_TYPE_CLAIM": "typ",
        "USER_ID_CLAIM": "sub",
    },
)
django.setup()

from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402 - after the settings
from django.contrib.auth.models import User  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer  # noqa: E402
from rest_framework_simplejwt.views import TokenObtainPairView  # noqa: E402


class Argon2(Argon2PasswordHasher):
    """With SkillNet's parameters, so that what differs is all the rest."""

    time_cost, memory_cost, parallelism = 2, 19 * 1024, 1


class LogInSerializer(TokenObtainPairSerializer):
    """Says who signed in, as well as the tokens."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {**super().validate(attrs), "name": self.user.first_name}


class ProfileSerializer(serializers.Serializer[Any]):
    """The fields of a profile."""

    id = serializers.CharField()
    name = serializers.CharField()
    email = serializers.EmailField()
    email_confirmed = serializers.BooleanField()
    second_factor = serializers.BooleanField()
    phone = serializers.CharField(allow_null=True)
    address = serializers.CharField(allow_null=True)
    profile_picture = serializers.URLField(allow_null=True)
    bio = serializers.CharField()
    skills = serializers.ListField(child=serializers.CharField())
    bannerImage = serializers.URLField(allow_null=True)  # noqa: N815
    privacy = serializers.DictField()
    createdAt = serializers.CharField()  # noqa: N815
    updatedAt = serializers.CharField()  # noqa: N815


PROFILE = json.loads(os.environ["BENCH_PROFILE"])


class Profile(APIView):
    """Answers the reader's profile."""

    def get(self, request: Request) -> Response:
        return Response(ProfileSerializer({**PROFILE, "id": request.user.id}).data)


urlpatterns = [
    path("api/v1/bench/profile", Profile.as_view()),
    path("api/v1/auth/login", TokenObtainPairView.as_view(serializer_class=LogInSerializer)),
]


class Served(BaseApplication):
    """Gunicorn with one worker."""

    def load_config(self) -> None:
        def ready(worker: Any) -> None:
            print(json.dumps({"port": worker.sockets[0].sock.getsockname()[1], "pid": os.getpid()}), flush=True)

        for name, value in {
            "bind": "127.0.0.1:0", "workers": 1, "worker_class": "gthread", "threads": 4, "keepalive": 60,
            "post_worker_init": ready, "loglevel": "warning",
        }.items():  # fmt: skip
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        return WSGIHandler()


def end_with_parent() -> None:
    """Ask for an orderly end once standard input is closed."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    User.objects.create_user("ada@example.org", password="correct horse battery", first_name="Ada ^")
    threading.Thread(target=end_with_parent, daemon=True).start()
    Served().run()
