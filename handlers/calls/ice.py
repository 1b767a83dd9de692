"""How the peers of a call find a way to each other: what the operator has set, and credentials made for one peer."""

from handlers.calls.access import by_the_rules, open_room
from handlers.calls.records import CallId
from handlers.context import Context
from handlers.models import Query
from handlers.views.calls import IceView
from signaling.ice import IceServer, turn_server
from signaling.seats import Peer


class GetIce(Query):
    """In which call this connection has a seat."""

    session_id: CallId


async def get_ice(query: GetIce, ctx: Context) -> IceView:
    """The STUN and TURN servers anew, before those you have expire; give them to `setConfiguration`."""
    with by_the_rules():
        me = open_room(await ctx.ports.rooms.read(query.session_id)).at(ctx.caller.connection_id)
    return ice_for(me, ctx)


def ice_for(peer: Peer, ctx: Context) -> IceView:
    """What a peer is to be told. The credentials name the peer, and die soon."""
    rules = ctx.ports.rules.calls
    servers = [IceServer(urls=rules.stun_urls)] if rules.stun_urls else []
    if not rules.turn_urls:
        return IceView(ice_servers=tuple(servers), expires_at=None)
    until = (ctx.now + rules.turn_lifetime).replace(microsecond=0)
    servers.append(turn_server(rules.turn_urls, rules.turn_secret, peer.id, until=until))
    return IceView(ice_servers=tuple(servers), expires_at=until)
