"""Who wrote something, as everybody sees them."""

from collections.abc import Mapping

from handlers.models import View
from handlers.views.files import ImageView, image
from store.users import ERASED_NAME, User


class AuthorView(View):
    """Who wrote something, as everybody sees them: nothing to reach them by. "Deleted user" once they left."""

    id: str
    name: str
    profile_picture: ImageView | None

    @classmethod
    def of(cls, user: User) -> "AuthorView":
        return cls(id=user.id, name=user.name, profile_picture=image(user.profile_picture))

    @classmethod
    def among(cls, users: Mapping[str, User], user_id: str) -> "AuthorView":
        """By their id, among those that were found."""
        user = users.get(user_id)
        return cls(id=user_id, name=ERASED_NAME, profile_picture=None) if user is None else cls.of(user)
