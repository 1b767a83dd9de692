"""What clients are told of this server before anybody signs in."""

from handlers.context import Context
from handlers.models import Query
from handlers.views.accounts import CallsView, ConfigView, TermsView
from store.calls import HELPER


class GetConfig(Query):
    """What is set up here."""


async def get_config(_: GetConfig, ctx: Context) -> ConfigView:
    """What a client has to know before anybody signs in: terms to agree to, ways to sign in, a captcha, calls."""
    rules = ctx.ports.rules
    return ConfigView(
        terms=TermsView(version=rules.terms_version, url=rules.terms_url) if rules.terms_version else None,
        confirms_email=rules.confirms_email,
        confirms_phone=ctx.ports.texts is not None,
        google=ctx.ports.google is not None,
        push_key=None if ctx.ports.push is None else ctx.ports.push.public_key,
        maintenance=ctx.ports.standing.words,
        captcha_site_key=None if ctx.ports.captcha is None else rules.captcha_site_key,
        calls=CallsView(capacity=rules.calls.capacity, helper=HELPER in await ctx.ports.presence.online([HELPER])),
    )
