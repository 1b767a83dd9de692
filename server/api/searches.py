"""Searches that are kept and watched."""

from handlers import searches
from server.api.rates import MARKING, WRITING
from server.operation import Operation, delete, get, post, put

ROWS: tuple[Operation, ...] = (
    Operation(searches.list_searches, http=get("/searches/"), event="search:list"),
    Operation(searches.save_search, http=post("/searches/", 201), event="search:save", limits=WRITING),
    Operation(searches.get_search, http=get("/searches/{search_id}/"), event="search:get"),
    Operation(searches.change_search, http=put("/searches/{search_id}/"), event="search:change", limits=WRITING),
    Operation(searches.delete_search, http=delete("/searches/{search_id}/"), event="search:delete", limits=WRITING),
    Operation(searches.watch_search, event="search:watch", limits=WRITING),
    Operation(searches.unwatch_search, event="search:unwatch", limits=MARKING),
)
