"""What the demo's people say of a swap, by their language: of a good one, a fair one, a poor one."""

from collections.abc import Mapping, Sequence

GOOD = {
    "en": (
        "A patient teacher, and the hour was over far too soon.",
        "Well prepared, kind, and I understood it at last.",
        "I came with a question and left with ten new ones, all of them good.",
        "Great! We will meet again.",
        "",
    ),
    "de": (
        "Viel Geduld, und die Stunde war viel zu schnell vorbei.",
        "Gut vorbereitet, freundlich, und endlich habe ich es verstanden.",
        "Ich kam mit einer Frage und ging mit zehn neuen, lauter guten.",
        "Großartig! Wir treffen uns wieder.",
        "",
    ),
    "fr": (
        "Beaucoup de patience, et une heure passée trop vite.",
        "Bien préparé, chaleureux, et j'ai enfin compris.",
        "Je suis venu avec une question et reparti avec dix nouvelles.",
        "Parfait ! On se reverra.",
        "",
    ),
    "es": (
        "Mucha paciencia, y la hora se pasó volando.",
        "Bien preparado, amable, y por fin lo entendí.",
        "Llegué con una pregunta y me fui con diez nuevas.",
        "¡Genial! Nos volveremos a ver.",
        "",
    ),
}

FAIR = {
    "en": ("Nice, though we got through less than I had hoped.", "A bit late, but a good hour after that."),
    "de": ("Nett, nur kamen wir nicht so weit wie gehofft.", "Etwas zu spät, danach eine gute Stunde."),
    "fr": ("Agréable, mais on a avancé moins que prévu.", "Un peu en retard, puis une bonne heure."),
    "es": ("Agradable, aunque avanzamos menos de lo esperado.", "Llegó algo tarde; después, una buena hora."),
}

POOR = {
    "en": ("Not prepared, and often looking at the phone.", "Knows it well, but could not explain it to me."),
    "de": ("Nicht vorbereitet und oft am Telefon.", "Kann es gut, konnte es mir aber nicht erklären."),
    "fr": ("Pas préparé, et souvent sur son téléphone.", "S'y connaît, mais n'a pas su me l'expliquer."),
    "es": ("Sin preparar, y mirando el móvil a menudo.", "Sabe mucho, pero no supo explicármelo."),
}

BY_STARS: Mapping[int, Mapping[str, Sequence[str]]] = {5: GOOD, 4: GOOD, 3: FAIR, 2: POOR, 1: POOR}
