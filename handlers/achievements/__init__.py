"""Points, badges and ranks: all derived from what people did, and nothing that anybody can set."""

from handlers.achievements.awarding import grant_badge, list_achievements, revoke_badge, tell_badge, update_achievements
from handlers.achievements.boards import get_leaderboard, stand_anew
from handlers.achievements.ranking import tell_standing
from handlers.achievements.scoring import count_anew, score_review, score_swap

__all__ = [
    "count_anew",
    "get_leaderboard",
    "grant_badge",
    "list_achievements",
    "revoke_badge",
    "score_review",
    "score_swap",
    "stand_anew",
    "tell_badge",
    "tell_standing",
    "update_achievements",
]
